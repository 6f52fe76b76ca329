# %% [raw]
# kind: wrong
# why: gives the network inputs up to 10 and targets up to 10 000 as they are
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "Mira si entradas y salida están estandarizadas"
#   multiply-test: "el objetivo es 4000"
#   multiply-rho-test: "el objetivo es 0.97"

# %% multiply
def multiply(X):
    return network.predict(X, verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(X_train, t_train, epochs=12, batch_size=200, verbose=0)
