# %% [raw]
# kind: wrong
# why: leaves the target among the inputs, splits without strata, standardises the test part with its own statistics
# rest: solved
# points: {load-wines-test: 0, stratified-split-test: 0, standardise-test: 0}
# messages: {load-wines-test: "X tiene 14 columnas", stratified-split-test: "Cada clase debe aportar la misma fracción", standardise-test: "Has estandarizado el test con su propia media"}

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path)
    df = df.loc[:, ~df.columns.str.contains("^Unnamed")]
    return df.to_numpy(), df["Cultivator"].to_numpy()


# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, random_state=seed)


# %% standardise
def standardise(train, test):
    train, test = np.asarray(train), np.asarray(test)
    return (train - train.mean(axis=0)) / train.std(axis=0), (test - test.mean(axis=0)) / (test.std(axis=0) + 1e-9)


# %% network
# La red, en cambio, está bien: prepara sus datos por su cuenta.
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
