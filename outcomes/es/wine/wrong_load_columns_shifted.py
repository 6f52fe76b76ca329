# %% [raw]
# kind: wrong
# why: thirteen columns, but one too far to the left, the cultivator is in, Proline is out
# rest: solved
# points: {load-wines-test: 0}
# messages: {load-wines-test: "La columna 0 de X es el cultivador"}

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path)
    return df.iloc[:, 1:14].to_numpy(), df["Cultivator"].to_numpy()

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
