# %% [raw]
# kind: wrong
# why: np.max for np.maximum, the 0 is taken for an axis
# rest: solved
# points: {relu-test: 0}
# messages: {relu-test: "`relu(x)` tiene la forma (20,)"}

# %% relu
def relu(x):
    return np.max(x, 0)


def relu_derivative(x):
    return np.where(x > 0, 1.0, 0.0)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones_like(x)
