# %% [raw]
# kind: wrong
# why: the network, without a hidden layer, only gets the colour, one of the thirteen measures
# rest: solved
# points: {predict-f1-test: 0}
# messages: {predict-f1-test: "¿entrenas con las trece medidas"}

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
colour = [FEATURES.index("Color_intensity")]
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Dense(3, activation="softmax"),
])
network.compile(optimizer=keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
network.fit(X_train[:, colour], t[train_rows] - 1, epochs=60, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return network.predict(wines_std[:, colour], verbose=0).argmax(axis=1) + 1
