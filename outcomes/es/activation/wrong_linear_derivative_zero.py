# %% [raw]
# kind: wrong
# why: takes the linear function for a constant, whose slope is 0
# rest: solved
# points: {relu-test: 0}
# messages: {relu-test: "linear_derivative no es la pendiente de f(x) = x"}

# %% relu
def relu(x):
    return np.where(x > 0, x, 0)


def relu_derivative(x):
    return np.where(x > 0, 1, 0)


def linear(x):
    return x


def linear_derivative(x):
    return np.zeros_like(x)
