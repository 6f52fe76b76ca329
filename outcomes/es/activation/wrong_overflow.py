# %% [raw]
# kind: wrong
# why: formulas copied as they stand, which overflow for large |x|
# rest: solved
# points: {logistic-test: 0, tanh-test: 0, softplus-test: 0}
# messages: {logistic-test: "no son finitos", tanh-test: "no son finitos", softplus-test: "no son finitos"}

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


# %% tanh
def tanh(x):
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


def tanh_derivative(x):
    return 1 - tanh(x) ** 2


# %% softplus
def softplus(x):
    return np.log(1 + np.exp(x))


def softplus_derivative(x):
    return 1 / (1 + np.exp(-x))
