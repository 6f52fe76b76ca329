# %% [raw]
# kind: right
# why: everything in float32, the labels in int8; np.longdouble in the F1
# rest: solved

# %% macro-f1
def macro_f1(C):
    C = np.asarray(C, dtype=np.longdouble)
    return np.mean(2 * np.diag(C) / np.maximum(C.sum(axis=0) + C.sum(axis=1), 1))

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path)
    return df[FEATURES].to_numpy("float32"), df["Cultivator"].to_numpy("int8")

# %% standardise
def standardise(train, test):
    train, test = np.float32(train), np.float32(test)
    mean, sigma = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / sigma, (test - mean) / sigma
