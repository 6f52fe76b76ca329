# %% [raw]
# kind: wrong
# why: a good network whose answers stay in standardised units; ρ cannot see that, the MSE can
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0}
# messages: {multiply-first-test: "si deshaces la de la salida"}

# %% multiply
def multiply(X):
    return network.predict(standardise(X, *x_scale), verbose=0)[:, 0]


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="mse")
network.fit(standardise(X_train, *x_scale), standardise(t_train, *t_scale), epochs=20, batch_size=128, verbose=0)
