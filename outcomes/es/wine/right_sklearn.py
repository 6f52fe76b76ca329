# %% [raw]
# kind: right
# why: scikit-learn's tools, one-hot targets, two ReLU layers, standardisation inside the network, a column as answer
# rest: solved

# %% confusion
def confusion(t, y, labels):
    t, y = np.asarray(t), np.asarray(y)
    return np.array([[np.sum((t == i) & (y == j)) for j in labels] for i in labels], dtype=float)


# %% macro-f1
def macro_f1(C):
    C = np.asarray(C, dtype="float32")
    hits = np.diag(C)
    with np.errstate(all="ignore"):
        precision, recall = hits / C.sum(axis=0), hits / C.sum(axis=1)
        f1 = 2 * precision * recall / (precision + recall)
    return np.nan_to_num(f1).mean()


# %% load-wines
def load_wines(path):
    df = pd.read_csv(path, index_col=0)
    return df.drop(columns="Cultivator").to_numpy(), df[["Cultivator"]].to_numpy().ravel()


# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, stratify=t, random_state=seed)


# %% standardise
from sklearn.preprocessing import StandardScaler


def standardise(train, test):
    scaler = StandardScaler().fit(train)
    return scaler.transform(train).astype("float32"), scaler.transform(test).astype("float32")


# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.3, SEED)
one_hot = keras.utils.to_categorical(t - 1, 3)
keras.utils.set_random_seed(SEED)
scale = keras.layers.Normalization()
scale.adapt(X[train_rows])
inputs = keras.Input((13,))
hidden = keras.layers.Dense(32, activation="relu")(scale(inputs))
hidden = keras.layers.Dense(16, activation="relu")(hidden)
network = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(hidden))
network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
network.fit(
    X[train_rows],
    one_hot[train_rows],
    validation_data=(X[test_rows], one_hot[test_rows]),
    epochs=80,
    batch_size=16,
    verbose=0,
)


# %% predict-cultivator
def predict_cultivator(df):
    wines = df[FEATURES].to_numpy()
    return np.array([[1.0, 2.0, 3.0][k] for k in network.predict(wines, verbose=0).argmax(axis=1)])[:, None]
