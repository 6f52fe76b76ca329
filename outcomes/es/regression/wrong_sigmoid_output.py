# %% [raw]
# kind: wrong
# why: a sigmoid in the last layer, which cannot answer below 0 or above 1, whatever the product
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "el primer objetivo es 70000"
#   multiply-test: "el objetivo es 4000"
#   multiply-rho-test: "el objetivo es 0.97"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0)[:, 0], *t_scale)


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1, activation="sigmoid"),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(X_train, *x_scale), standardise(t_train, *t_scale), epochs=12, batch_size=200, verbose=0)
