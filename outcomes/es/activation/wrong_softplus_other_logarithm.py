# %% [raw]
# kind: wrong
# why: the decimal logarithm for the natural one
# rest: solved
# points: {softplus-test: 0}
# messages: {softplus-test: "Lejos del cero tiene que pegarse a la ReLU"}

# %% softplus
def softplus(x):
    return np.where(x > 30, x / np.log(10), np.log10(1 + np.exp(np.minimum(x, 30))))


def softplus_derivative(x):
    return logistic(x)
