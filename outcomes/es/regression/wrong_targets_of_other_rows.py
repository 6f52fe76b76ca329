# %% [raw]
# kind: wrong
# why: draws the inputs and the targets apart, so that no row has its own product
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "el primer objetivo es 70000"
#   multiply-test: "el objetivo es 4000"
#   multiply-rho-test: "el objetivo es 0.97"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0)[:, 0], *t_scale)


X_own = make_products(4000, np.random.default_rng(SEED))[0]
t_own = make_products(4000, np.random.default_rng(SEED + 1))[1]
x_scale, t_scale = mean_and_sigma(X_own), mean_and_sigma(t_own)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(X_own, *x_scale), standardise(t_own, *t_scale), epochs=8, batch_size=200, verbose=0)
