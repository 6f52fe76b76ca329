# %% [raw]
# kind: wrong
# why: one sigmoid output with least squares, it never reaches class 3
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "el objetivo de esta parte es el 80 %", predict-f1-test: "A ningún vino le toca el cultivador 3"}

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Dense(1, activation="sigmoid"),
])
network.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
network.fit(X_train, t[train_rows] - 1, epochs=40, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return network.predict(wines_std, verbose=0).round() + 1
