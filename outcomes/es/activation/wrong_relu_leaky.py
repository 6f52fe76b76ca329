# %% [raw]
# kind: wrong
# why: leaks a hundredth of the negative numbers, which is another function
# rest: solved
# points: {relu-test: 0}
# messages: {relu-test: "relu se aparta 10 de lo correcto"}

# %% relu
def relu(x):
    return np.maximum(0.01 * x, x)


def relu_derivative(x):
    return np.where(x > 0, 1.0, 0.01)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones_like(x)
