# %% [raw]
# kind: partial
# why: everything that is a formula, neither a network nor the choice of output activations
# rest: untouched
# points: {logistic-test: 1, tanh-test: 1, relu-test: 1, softplus-test: 1, tanh-network-test: 1, collapse-test: 1}
# messages: {output-activation-test: "sin hacer", approximate-basic-test: "sin hacer", approximate-test: "sin hacer"}

# %% logistic
def logistic(x):
    return (1 + np.tanh(x / 2)) / 2


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))

# %% tanh
def tanh(x):
    return np.tanh(x)


def tanh_derivative(x):
    return 1 - np.tanh(x) ** 2

# %% relu
def relu(x):
    return np.maximum(x, 0)


def relu_derivative(x):
    return np.where(x > 0, 1, 0)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones_like(x)

# %% softplus
def softplus(x):
    return np.logaddexp(0, x)


def softplus_derivative(x):
    return logistic(x)

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return np.dot(np.tanh(np.dot(X, W_hidden) + theta), W_out)

# %% collapse
def collapse(W1, b1, W2, b2):
    return np.dot(W1, W2), np.dot(b1, W2) + b2
