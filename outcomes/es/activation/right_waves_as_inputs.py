# %% [raw]
# kind: right
# why: gives the network the hour as sines and cosines of the day, one smooth layer, Huber loss, whole table per step
# rest: solved

# %% logistic
def logistic(x):
    y = np.empty_like(x)
    right = x >= 0
    y[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    y[~right] = e / (1 + e)
    return y


def logistic_derivative(x):
    return 1 / (2 + 2 * np.cosh(np.clip(x, -700, 700)))

# %% tanh
def tanh(x):
    return np.sinh(np.clip(x, -300, 300)) / np.cosh(np.clip(x, -300, 300))


def tanh_derivative(x):
    h = 1e-5
    return (tanh(x + h) - tanh(x - h)) / (2 * h)

# %% relu
def relu(x):
    return (x + np.abs(x)) / 2


def relu_derivative(x):
    return (1 + np.sign(x)) / 2


def linear(x):
    return x


def linear_derivative(x):
    return np.exp(0 * x)

# %% softplus
def softplus(x):
    return np.where(x > 0, x, 0) - np.log(logistic(np.abs(x)))


def softplus_derivative(x):
    return (softplus(x + 1e-4) - softplus(x - 1e-4)) / 2e-4

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return (W_out.T @ np.tanh(W_hidden.T @ X.T + theta[:, None])).T

# %% approximate
def waves(hours):
    angle = 2 * np.pi * np.reshape(hours, (-1, 1)) / 24
    return np.hstack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])


keras.utils.set_random_seed(SEED)
daily = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(30, activation="softplus"),
    keras.layers.Dense(1),
])
daily.compile(optimizer=keras.optimizers.Adam(0.02), loss=keras.losses.Huber(delta=2.0))
daily.fit(waves(hours), (temperature - 16) / 6, batch_size=145, epochs=250, verbose=0)


def approximate(hours):
    return (16 + 6 * daily.predict(waves(hours), verbose=0)).astype("float64")[:, 0]
