# %% [raw]
# kind: right
# why: plain Python loops and lists everywhere, σ with N - 1, and a network without a hidden layer
# rest: solved

# %% confusion
def confusion(t, y, labels):
    return [[sum(1 for a, b in zip(t, y) if a == i and b == j) for j in labels] for i in labels]


# %% macro-f1
def macro_f1(C):
    total = 0.0
    for k in range(len(C)):
        hits = C[k][k]
        said = sum(row[k] for row in C)
        exist = sum(C[k])
        if hits > 0:
            precision, recall = hits / said, hits / exist
            total += 2 * precision * recall / (precision + recall)
    return total / len(C)


# %% load-wines
def load_wines(path):
    with open(path) as file:
        header = file.readline().strip().split(",")
        rows = [line.strip().split(",") for line in file]
    X = [[float(row[header.index(name)]) for name in FEATURES] for row in rows]
    t = [int(row[header.index("Cultivator")]) for row in rows]
    return np.array(X), np.array(t)


# %% stratified-split
import random


def stratified_split(t, test_size, seed):
    generator = random.Random(seed)
    train_rows, test_rows = [], []
    for k in sorted(set(np.asarray(t).tolist())):
        rows = [n for n, label in enumerate(t) if label == k]
        generator.shuffle(rows)
        cut = int(test_size * len(rows))
        test_rows += rows[:cut]
        train_rows += rows[cut:]
    return train_rows, test_rows


# %% standardise
def standardise(train, test):
    mean = [np.mean(column) for column in np.transpose(train)]
    sigma = [np.std(column, ddof=1) for column in np.transpose(train)]
    return (
        [[(x - m) / s for x, m, s in zip(row, mean, sigma)] for row in train],
        [[(x - m) / s for x, m, s in zip(row, mean, sigma)] for row in test],
    )


# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.2, SEED)
X_train, X_test = map(np.array, standardise(X[train_rows], X[test_rows]))
keras.utils.set_random_seed(SEED)
network = keras.Sequential([keras.Input((13,)), keras.layers.Dense(3, activation="softmax")])
network.compile(optimizer=keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy")
network.fit(X_train, t[train_rows] - 1, validation_data=(X_test, t[test_rows] - 1), epochs=50, batch_size=16, verbose=0)


# %% predict-cultivator
def predict_cultivator(df):
    _, wines = standardise(X[train_rows], df[FEATURES].to_numpy())
    return [int(np.argmax(row)) + 1 for row in network.predict(np.array(wines), verbose=0)]
