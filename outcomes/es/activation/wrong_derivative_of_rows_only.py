# %% [raw]
# kind: wrong
# why: ones of the length of x, which is right for one row only; a slope that takes its mean over the last axis
# rest: solved
# points: {relu-test: 0, logistic-test: 0}
# messages: {relu-test: "linear_derivative", logistic-test: "tiene la forma (3, 5)"}

# %% logistic
def logistic(x):
    return 0.5 * (1 + np.tanh(x / 2))


def logistic_derivative(x):
    y = logistic(x) * (1 - logistic(x))
    return y.mean(axis=1) if x.ndim == 3 else y

# %% relu
def relu(x):
    return np.maximum(x, 0)


def relu_derivative(x):
    return np.where(x > 0, 1.0, 0.0)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones(len(x))
