# %% [raw]
# kind: right
# why: a subclassed model with its own Normalization, logits, RMSprop and early stopping; float32 and tuples
# rest: solved

# %% standardise
def standardise(train, test):
    scale = keras.layers.Normalization(axis=-1)
    scale.adapt(np.asarray(train))
    return np.array(scale(np.asarray(train))), np.array(scale(np.asarray(test)))

# %% network
class WineNetwork(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale = keras.layers.Normalization()
        self.hidden = keras.layers.Dense(20, activation="relu")
        self.scores = keras.layers.Dense(3)

    def call(self, wines):
        return self.scores(self.hidden(self.scale(wines)))


X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
keras.utils.set_random_seed(SEED)
network = WineNetwork()
network.scale.adapt(X[train_rows])
network.compile(
    optimizer=keras.optimizers.RMSprop(0.005), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
)
# Para cuando la curva de test deja de bajar, y se queda con los mejores pesos.
patience = keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
network.fit(
    X[train_rows], t[train_rows] - 1, validation_data=(X[test_rows], t[test_rows] - 1), epochs=100, verbose=0,
    callbacks=[patience],
)

# %% predict-cultivator
def predict_cultivator(df):
    wines = df[FEATURES].to_numpy(dtype="float32")
    return tuple(float(k) + 1 for k in np.argmax(network.predict(wines, verbose=0), axis=-1))
