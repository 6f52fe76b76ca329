# %% [raw]
# kind: right
# why: NumPy's ready-made functions, float32, answers as (N, 1), two hidden layers, hours scaled to -1..1, other names
# rest: solved
# points: {}

# %% logistic
def logistic(x):
    return (0.5 * (1 + np.tanh(x / 2))).astype("float32")


def logistic_derivative(x):
    return logistic(x) * logistic(-x)


# %% tanh
def tanh(x):
    return np.tanh(np.float32(x))


def tanh_derivative(x):
    return 1 / np.cosh(np.clip(x, -300, 300)) ** 2


# %% relu
def relu(x):
    return x * (x > 0)


def relu_derivative(x):
    return x >= 0


def linear(x):
    return 1.0 * x


def linear_derivative(x):
    return (x == x).astype(int)


# %% softplus
def softplus(x):
    return np.logaddexp(np.zeros_like(x), x)


def softplus_derivative(x):
    return np.exp(x - softplus(x))


# %% output-activation
output_activation = dict(
    galaxy="sigmoid", photo="sigmoid", baby_cry="softmax", temperature=None, rain="relu", steering="tanh", extra="linear"
)


# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    ones = np.ones((len(X), 1))
    inputs = np.hstack([X, ones])
    weights = np.vstack([W_hidden, np.reshape(theta, (1, -1))])
    return np.einsum("nj,jk->nk", np.tanh(inputs @ weights), W_out).astype("float32")


# %% approximate
def approximate(hours):
    scaled = np.reshape(hours, (-1, 1)) / 12 - 1
    return 10 + 5 * keras.ops.convert_to_numpy(two_layers(scaled))


keras.utils.set_random_seed(SEED)
inputs = keras.Input((1,))
hidden = keras.layers.Dense(24, activation="tanh")(inputs)
hidden = keras.layers.Dense(24, activation="tanh")(hidden)
two_layers = keras.Model(inputs, keras.layers.Dense(1)(hidden))
steps = keras.optimizers.schedules.CosineDecay(0.01, decay_steps=2000)
two_layers.compile(keras.optimizers.Adam(steps), loss="mse")
two_layers.fit(hours[:, None] / 12 - 1, (temperature[:, None] - 10) / 5, epochs=200, batch_size=16, verbose=0)


# %% collapse
def collapse(W1, b1, W2, b2):
    b = (np.reshape(b1, (1, -1)) @ W2 + b2).astype("float32")
    return [np.einsum("ij,jk->ik", W1, W2), b]
