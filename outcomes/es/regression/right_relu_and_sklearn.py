# %% [raw]
# kind: right
# why: own scaling in loops, a ReLU network that answers float32 of shape (N, 1), members from scikit-learn, lists for arrays
# rest: solved
# points: {}

# %% standardise
def mean_and_sigma(train):
    columns = np.asarray(train, dtype=float)
    if columns.ndim == 1:
        return columns.sum() / len(columns), columns.std(ddof=1)
    return [float(c.mean()) for c in columns.T], [float(c.std(ddof=1)) for c in columns.T]


def standardise(data, mean, sigma):
    return (np.asarray(data) - np.asarray(mean)) / np.asarray(sigma)


def unstandardise(z, mean, sigma):
    return np.asarray(z) * np.asarray(sigma) + np.asarray(mean)


# %% multiply
def multiply(X):
    z = relu_network(np.asarray(X, dtype="float32") / 10)
    return 1000 * np.asarray(z)


keras.utils.set_random_seed(SEED)
relu_network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Rescaling(2, offset=-1),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1),
])
relu_network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003), loss="mse")
relu_network.fit(X_train / 10, t_train / 1000, epochs=30, batch_size=64, verbose=0)

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = low + (high - low) * rng.random((n, 4))
    t = [a * b * c * d for a, b, c, d in X]
    error = sum((float(y) - u) ** 2 for y, u in zip(np.ravel(multiply(X)), t)) / n
    return [error, error / np.var(t, ddof=1)]


# %% ensemble
def member_predictions(X):
    return [list(1000 * m.predict(np.asarray(X) / 5 - 1)) for m in machines]


def ensemble(X):
    return [sum(column) / len(column) for column in zip(*member_predictions(X))]


machines = []
for m in range(3):
    X_m, t_m = make_products(1500, np.random.default_rng([SEED, 9, m]))
    machine = MLPRegressor(hidden_layer_sizes=(20,), activation="tanh", solver="lbfgs", max_iter=300, random_state=SEED + m)
    machines.append(machine.fit(X_m / 5 - 1, t_m / 1000))
