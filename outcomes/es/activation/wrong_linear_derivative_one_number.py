# %% [raw]
# kind: wrong
# why: one single 1 for a whole array
# rest: solved
# points: {relu-test: 0}
# messages: {relu-test: "`linear_derivative(x)` tiene la forma ()"}

# %% relu
def relu(x):
    return np.maximum(0, x)


def relu_derivative(x):
    return np.where(x > 0, 1, 0)


def linear(x):
    return x


def linear_derivative(x):
    return 1
