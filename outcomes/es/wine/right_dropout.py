# %% [raw]
# kind: right
# why: two hidden layers with dropout and L2, Nadam; Python's integers in a list of lists
# rest: solved

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(32, activation="relu", kernel_regularizer="l2"),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(16, activation="gelu"),
    keras.layers.Dense(3, activation="softmax"),
])
network.compile(optimizer=keras.optimizers.Nadam(0.005), loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows] - 1, epochs=60, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return [[1 + int(k)] for k in network.predict(wines_std, verbose=0).argmax(axis=1)]
