# %% [raw]
# kind: right
# why: raw wines into a BatchNormalization layer; an int8 answer
# rest: solved

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.BatchNormalization(momentum=0.9),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
network.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
network.fit(X[train_rows], t[train_rows] - 1, epochs=60, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    return (network.predict(df[FEATURES].to_numpy(), verbose=0).argmax(axis=1) + 1).astype("int8")
