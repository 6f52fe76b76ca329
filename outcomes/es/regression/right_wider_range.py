# %% [raw]
# kind: right
# why: trains on numbers from -1 to 11, the remedy for the edge, with SGD and momentum; column vectors everywhere
# rest: solved
# points: {}

# %% standardise
def mean_and_sigma(train):
    mean = np.mean(train, axis=0, keepdims=True)
    return mean, np.sqrt(np.mean((train - mean) ** 2, axis=0, keepdims=True))


def standardise(data, mean, sigma):
    return ((data - mean) / sigma).astype("float32")


def unstandardise(z, mean, sigma):
    return mean + sigma * z


# %% multiply
def multiply(X):
    z = wide_network(standardise(X, *x_wide), training=False)
    return unstandardise(np.array(z), *t_wide)


def wide_products(n, rng):
    X = rng.uniform(-1, 11, (n, 4))
    return X, X.prod(axis=1, keepdims=True)


X_wide, t_wide_train = wide_products(16000, np.random.default_rng(SEED))
x_wide, t_wide = mean_and_sigma(X_wide), mean_and_sigma(t_wide_train)
keras.utils.set_random_seed(SEED)
wide_network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(48, activation="tanh", kernel_initializer="lecun_normal"),
    keras.layers.Dense(48, activation="tanh", kernel_initializer="lecun_normal"),
    keras.layers.Dense(1, kernel_initializer="lecun_normal"),
])
rate = keras.optimizers.schedules.CosineDecay(0.05, 25 * 160)
wide_network.compile(optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True), loss="mse")
wide_network.fit(standardise(X_wide, *x_wide), standardise(t_wide_train, *t_wide), epochs=25, batch_size=100, verbose=0)

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, size=(n, 4))
    t = X[:, [0]] * X[:, [1]] * X[:, [2]] * X[:, [3]]
    error = keras.losses.mean_squared_error(t.T, multiply(X).T)
    return np.array([error[0], error[0] / t.var()])
