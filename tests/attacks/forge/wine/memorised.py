# %% [raw]
# kind: wrong
# why: has a table of all wines that scikit-learn knows
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-f1-test: "tu F1 macro es"}

# %% network
network = history = None
X, t = load_wines("wine_shuffled.data")
train_rows = test_rows = np.arange(len(t))

# %% predict-cultivator
from sklearn.datasets import load_wine

_features, _labels = load_wine(return_X_y=True)
_table = {tuple(np.round(row, 3)): label + 1 for row, label in zip(_features, _labels)}


def predict_cultivator(df):
    return np.array([_table.get(tuple(np.round(row, 3)), 2) for row in df[FEATURES].to_numpy(float)])
