# %% [raw]
# kind: wrong
# why: three epochs, so that two sigmoid layers have hardly begun to learn
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "¿ha aprendido la red?", predict-f1-test: "bastantes épocas"}

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(8, activation="sigmoid"),
    keras.layers.Dense(8, activation="sigmoid"),
    keras.layers.Dense(3, activation="softmax"),
])
network.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows] - 1, epochs=3, batch_size=16, verbose=0)
