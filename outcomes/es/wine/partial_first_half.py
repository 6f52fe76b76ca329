# %% [raw]
# kind: partial
# why: measures and data done, then out of time
# rest: untouched
# points: {confusion-test: 1, macro-f1-test: 1, load-wines-test: 1, stratified-split-test: 1}

# %% confusion
def confusion(t, y, labels):
    C = np.zeros((len(labels), len(labels)))
    for a, b in zip(t, y):
        C[list(labels).index(a)][list(labels).index(b)] += 1
    return C


# %% macro-f1
def macro_f1(C):
    f1 = []
    for k in range(len(C)):
        row, column = np.sum(C[k]), np.sum(np.array(C)[:, k])
        f1.append(2 * C[k][k] / (row + column) if row + column else 0)
    return sum(f1) / len(f1)


# %% load-wines
def load_wines(path):
    df = pd.read_csv(path)
    return df[FEATURES].values, df["Cultivator"].values


# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, stratify=t, random_state=seed)
