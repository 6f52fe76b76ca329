# %% [raw]
# kind: wrong
# why: trains with numbers from 0 to 5 and trusts the network up to 10
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "el primer objetivo es 70000"
#   multiply-test: "el objetivo es 4000"
#   multiply-rho-test: "el objetivo es 0.97"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0)[:, 0], *t_scale)


X_low = np.random.default_rng(SEED).uniform(0, 5, (8000, 4))
t_low = X_low.prod(axis=1)
x_scale, t_scale = mean_and_sigma(X_low), mean_and_sigma(t_low)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(X_low, *x_scale), standardise(t_low, *t_scale), epochs=12, batch_size=200, verbose=0)
