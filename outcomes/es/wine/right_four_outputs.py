# %% [raw]
# kind: right
# why: four outputs, so that the cultivators are classes as they are; a split by quota
# rest: solved

# %% stratified-split
def stratified_split(t, test_size, seed):
    # Baraja todo y va repartiendo cada clase hasta llenar su cupo.
    rng = np.random.default_rng(seed)
    quota = {k: int(np.ceil(test_size * np.sum(np.asarray(t) == k))) for k in set(np.asarray(t).tolist())}
    train_rows, test_rows = [], []
    for row in rng.permutation(len(t)):
        if quota[t[row]] > 0:
            quota[t[row]] -= 1
            test_rows.append(row)
        else:
            train_rows.append(row)
    return np.array(train_rows[::-1]), np.array(test_rows[::-1])

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(16, activation="sigmoid"),
    keras.layers.Dense(4, activation="softmax"),
])
network.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows], epochs=60, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return network.predict(wines_std, verbose=0).argmax(axis=1)
