# %% [raw]
# kind: wrong
# why: one neighbour in scikit-learn's copy of the data, where the held-out wines are too; no network
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "no sale de una red entrenada", predict-f1-test: "no sale de una red entrenada"}

# %% network
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier

X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
all_wines, all_cultivators = load_wine(return_X_y=True)
network = KNeighborsClassifier(1).fit(standardise(X[train_rows], all_wines)[1], all_cultivators + 1)

# %% predict-cultivator
def predict_cultivator(df):
    return network.predict(standardise(X[train_rows], df[FEATURES].to_numpy())[1])
