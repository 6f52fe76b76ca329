# %% [raw]
# kind: wrong
# why: subtracts 1 from the cultivators when reading them
# rest: solved
# points: {load-wines-test: 0}
# messages: {load-wines-test: "Los cultivadores son 1, 2 y 3, y en t hay [0.0, 1.0, 2.0]"}

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path)
    # Keras cuenta desde 0.
    return df[FEATURES].to_numpy(), df["Cultivator"].to_numpy() - 1

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Dense(3, activation="softmax"),
])
network.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows], epochs=60, batch_size=16, verbose=0)
