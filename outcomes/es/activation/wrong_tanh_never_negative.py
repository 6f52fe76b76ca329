# %% [raw]
# kind: wrong
# why: computes it for |x| to avoid the overflow and forgets the sign
# rest: solved
# points: {tanh-test: 0}
# messages: {tanh-test: "prueba números de los dos signos"}

# %% tanh
def tanh(x):
    small = np.exp(-2 * np.abs(x))
    return (1 - small) / (1 + small)


def tanh_derivative(x):
    return 1 - tanh(x) ** 2
