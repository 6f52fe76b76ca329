# %% [raw]
# kind: right
# why: stops early on rows set aside and keeps the best weights; gelu, AdamW, more data; five quick members
# rest: solved
# points: {}

# %% multiply
def multiply(X):
    Z = np.asarray(X) / 5 - 1
    return np.squeeze(big_network.predict(Z, batch_size=1000, verbose=0), axis=1) * 1000


X_more, t_more = make_products(16000, np.random.default_rng(SEED + 100))
keras.utils.set_random_seed(SEED)
big_network = keras.Sequential([
    keras.layers.Dense(64, "gelu"),
    keras.layers.Dense(48, "gelu"),
    keras.layers.Dense(1),
])
big_network.compile("adamw", "mse")
big_network.optimizer.learning_rate = 0.005
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
big_network.fit(X_more / 5 - 1, t_more / 1000, validation_split=0.2, epochs=25, batch_size=200, verbose=0, callbacks=[stop])

# %% ensemble
def member_predictions(X):
    Z = np.asarray(X) / 5 - 1
    return np.array([1000 * one.predict(Z, batch_size=1000, verbose=0).ravel() for one in quick_networks])


def ensemble(X):
    return np.einsum("mn->n", member_predictions(X)) / 5


quick_networks = []
for m in range(5):
    X_one, t_one = make_products(4000, np.random.default_rng(SEED + 200 + m))
    one = keras.Sequential([keras.layers.Dense(24, "gelu"), keras.layers.Dense(24, "gelu"), keras.layers.Dense(1)])
    one.compile(keras.optimizers.Nadam(0.01), "mse")
    one.fit(X_one / 5 - 1, t_one / 1000, epochs=10, batch_size=200, verbose=0)
    quick_networks.append(one)
