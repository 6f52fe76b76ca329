# %% [raw]
# kind: wrong
# why: a network that adds logarithms, and whose answer nobody turns back into a product
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "el primer objetivo es 70000"
#   multiply-test: "el objetivo es 4000"
#   multiply-rho-test: "el objetivo es 0.97"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(np.log(X), *x_scale), verbose=0)[:, 0], *t_scale)


x_scale, t_scale = mean_and_sigma(np.log(X_train)), mean_and_sigma(np.log(t_train))
keras.utils.set_random_seed(SEED)
network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(np.log(X_train), *x_scale), standardise(np.log(t_train), *t_scale), epochs=15, batch_size=200, verbose=0)
