# %% [raw]
# kind: wrong
# why: no activation in the hidden layers, so that the whole network is one linear function
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages: {multiply-first-test: "activación no lineal", multiply-test: "el objetivo es 4000", multiply-rho-test: "Una función lineal"}

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0)[:, 0], *t_scale)


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(32), keras.layers.Dense(32), keras.layers.Dense(1)])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="mse")
network.fit(standardise(X_train, *x_scale), standardise(t_train, *t_scale), epochs=15, batch_size=128, verbose=0)
