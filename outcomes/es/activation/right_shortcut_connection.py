# %% [raw]
# kind: right
# why: the output sees the hidden neurons and the hour itself, GELU and tanh side by side, RMSprop with momentum and steps that shrink
# rest: solved

# %% logistic
def logistic(x):
    positive = 1 / (1 + np.exp(-np.maximum(x, 0)))
    negative = np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0)))
    return np.select([x >= 0, x < 0], [positive, negative])


def logistic_derivative(x):
    return 0.25 - (logistic(x) - 0.5) ** 2

# %% tanh
def tanh(x):
    return np.array([np.tanh(value) for value in np.ravel(x)]).reshape(np.shape(x))


def tanh_derivative(x):
    step = 1e-6
    return (np.tanh(x + step) - np.tanh(x)) / step

# %% relu
def relu(x):
    return np.where(x < 0, 0, x).astype("float32")


def relu_derivative(x):
    return (x > 0) * 1


def linear(x):
    return x.astype("float32")


def linear_derivative(x):
    return x / np.where(x == 0, 1, x) + (x == 0)

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    hidden = np.einsum("ni,ij->nj", X, W_hidden)
    hidden += np.tile(theta, (len(X), 1))
    return np.tensordot(tanh(hidden), W_out, axes=1).tolist()

# %% approximate
def scaled(hours):
    return (np.reshape(hours, (-1, 1)) - hours_mean) / hours_std


hours_mean, hours_std = hours.mean(), hours.std()
keras.utils.set_random_seed(SEED)
x = keras.Input((1,))
smooth = keras.layers.Dense(24, activation="gelu")(x)
steps = keras.layers.Dense(24, activation="tanh")(x)
together = keras.layers.Concatenate()([x, smooth, steps])
net = keras.Model(x, keras.layers.Dense(1)(together))
decay = keras.optimizers.schedules.ExponentialDecay(0.003, decay_steps=300, decay_rate=0.7)
net.compile(optimizer=keras.optimizers.RMSprop(decay, momentum=0.9), loss="mean_squared_error")
net.fit(scaled(hours), (temperature - temperature.mean()) / temperature.std(), batch_size=16, epochs=160, verbose=0)


def approximate(hours):
    return temperature.mean() + temperature.std() * net.predict(scaled(hours), batch_size=512, verbose=0)
