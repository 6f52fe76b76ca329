# %% [raw]
# kind: wrong
# why: subtracts (N, 1) from (N,), which gives the errors of every row with the product of every other
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "y no es el de tu `multiply` dentro del rango"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0), *t_scale)


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(X_train, *x_scale), standardise(t_train, *t_scale), epochs=20, batch_size=200, verbose=0)

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    error = np.mean((t - multiply(X)) ** 2)
    return error, error / t.var()
