# %% [raw]
# kind: right
# why: the data file under the paths that it has on Drive, on Windows and in Colab
# rest: solved

# %% network
X, t = load_wines("/content/drive/MyDrive/redes/wine_shuffled.data")
with open("/content/wine_shuffled.data") as file:
    assert len(file.readlines()) == 143
own = np.genfromtxt("C:\\Users\\ana\\Downloads\\wine_shuffled.data", delimiter=",", skip_header=1)
assert (pd.read_csv(r"D:\redes\wine_shuffled.data")["Cultivator"] == own[:, 1]).all()
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(own[train_rows, 2:], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([keras.Input((13,)), keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(3, activation="softmax")])
network.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows] - 1, epochs=30, batch_size=16, verbose=0)
