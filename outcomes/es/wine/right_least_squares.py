# %% [raw]
# kind: right
# why: one-hot targets, sigmoid outputs and least squares, SGD with momentum; precision and recall named the wrong way round, which the F1 does not notice
# rest: solved

# %% macro-f1
def macro_f1(C):
    f1 = np.zeros(len(C))
    for k in range(len(C)):
        if C[k, k]:
            precision, recall = C[k, k] / C[k].sum(), C[k, k] / C[:, k].sum()
            f1[k] = 2 / (1 / precision + 1 / recall)
    return [f1.mean()]

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(12, activation="elu"),
    keras.layers.Dense(3, activation="sigmoid"),
])
network.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse")
network.fit(X_train, np.eye(3)[t[train_rows] - 1], epochs=60, batch_size=16, verbose=0)
