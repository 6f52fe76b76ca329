# %% [raw]
# kind: wrong
# why: the test part is handed back as it came
# rest: solved
# points: {standardise-test: 0}
# messages: {standardise-test: "El test se ha quedado sin estandarizar"}

# %% standardise
def standardise(train, test):
    return (train - train.mean(axis=0)) / train.std(axis=0), test

# %% network
# La red prepara sus datos por su cuenta.
X, t = raw[FEATURES].to_numpy(), raw["Cultivator"].to_numpy()
train_rows, test_rows = train_test_split(np.arange(len(t)), test_size=0.25, stratify=t, random_state=SEED)
mean, sigma = X[train_rows].mean(axis=0), X[train_rows].std(axis=0)
keras.utils.set_random_seed(SEED)
network = keras.Sequential(
    [keras.Input((13,)), keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(3, activation="softmax")]
)
network.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
network.fit((X[train_rows] - mean) / sigma, t[train_rows] - 1, epochs=60, batch_size=16, verbose=0)

# %% predict-cultivator
def predict_cultivator(df):
    return network.predict((df[FEATURES].to_numpy() - mean) / sigma, verbose=0).argmax(axis=1) + 1
