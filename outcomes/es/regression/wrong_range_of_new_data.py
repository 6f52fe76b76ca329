# %% [raw]
# kind: wrong
# why: scales the inputs with the smallest and largest of the rows that come, so that an answer depends on its company
# rest: solved
# points: {multiply-first-test: 0}
# messages:
#   multiply-first-test: "de distinta manera según las que la acompañan"

# %% multiply
def multiply(X):
    return 1000 * network.predict(scaled(X), verbose=0)[:, 0]


def scaled(X):
    low, high = X.min(axis=0), X.max(axis=0)
    return 2 * (X - low) / (high - low + 1e-9) - 1


keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(scaled(X_train), t_train / 1000, epochs=20, batch_size=200, verbose=0)
