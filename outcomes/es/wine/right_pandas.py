# %% [raw]
# kind: right
# why: pandas throughout, with crosstab for the matrix, groupby and sample for the split, a Series as answer
# rest: solved

# %% confusion
def confusion(t, y, labels):
    table = pd.crosstab(pd.Series(t, name="es"), pd.Series(y, name="dice"))
    return table.reindex(index=labels, columns=labels, fill_value=0)

# %% macro-f1
def macro_f1(C):
    table = pd.DataFrame(C)
    hits = pd.Series(np.diag(table))
    precision, recall = hits / table.sum(), hits / table.sum(axis=1)
    return (2 * precision * recall / (precision + recall)).fillna(0).mean()

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path).drop(columns="Unnamed: 0")
    t = df.pop("Cultivator")
    return df.values, t.values

# %% stratified-split
def stratified_split(t, test_size, seed):
    classes = pd.Series(t)
    test_rows = classes.groupby(classes).sample(frac=test_size, random_state=seed).index
    return np.array(classes.index.difference(test_rows)), np.array(test_rows)

# %% standardise
def standardise(train, test):
    train, test = pd.DataFrame(train), pd.DataFrame(test)
    return ((train - train.mean()) / train.std()).values, ((test - train.mean()) / train.std()).values

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    classes = pd.DataFrame(network.predict(wines_std, verbose=0), columns=[1, 2, 3])
    return classes.idxmax(axis=1)
