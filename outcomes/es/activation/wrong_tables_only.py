# %% [raw]
# kind: wrong
# why: loops over rows and columns, so that only tables will do
# rest: solved
# points: {logistic-test: 0, tanh-test: 0, relu-test: 0, softplus-test: 0}
# messages: {logistic-test: "Ha sido con un array de forma (60,)", tanh-test: "Ha sido con un array de forma (3, 4, 5)", relu-test: "Ha sido con un array de forma (60,)", softplus-test: "cualquier forma"}

# %% logistic
def table(f, x):
    return np.array([[f(value) for value in row] for row in x])


def logistic(x):
    return table(lambda v: 0.5 * (1 + np.tanh(v / 2)), x)


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))

# %% tanh
def tanh(x):
    rows, columns = x.shape if x.ndim > 1 else (1, x.size)
    return np.reshape([np.tanh(x.flat[n]) for n in range(rows * columns)], (rows, columns))


def tanh_derivative(x):
    return 1 - np.tanh(x) ** 2

# %% relu
def relu(x):
    y = np.zeros((x.shape[0], x.shape[1]))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] if x[i, j] > 0 else 0
    return y


def relu_derivative(x):
    return np.where(x > 0, 1.0, 0.0)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones_like(x)

# %% softplus
def softplus(x):
    return np.array([[np.logaddexp(0, value) for value in row] for row in x])


def softplus_derivative(x):
    return 0.5 * (1 + np.tanh(x / 2))
