# %% [raw]
# kind: wrong
# why: stretches the logistic function upwards but not sideways, σ(x) for σ(2x)
# rest: solved
# points: {tanh-test: 0}
# messages: {tanh-test: "Compara tu expresión con la fórmula"}

# %% tanh
def tanh(x):
    return 2 * logistic(x) - 1


def tanh_derivative(x):
    return 1 - tanh(x) ** 2
