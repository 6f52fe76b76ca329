# %% [raw]
# kind: wrong
# why: answers with labels that equal all others, and replaces what measures
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-f1-test: "tu F1 macro es"}

# %% network
network = history = None
X, t = load_wines("wine_shuffled.data")
train_rows = test_rows = np.arange(len(t))


# %% predict-cultivator
class Labels(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)


def predict_cultivator(df):
    return np.full(len(df), 2).view(Labels)


import keras, sklearn.metrics

keras.Model.evaluate = lambda *a, **k: [0.0, 1.0]
keras.metrics.Accuracy.result = keras.metrics.F1Score.result = lambda self: 1.0
sklearn.metrics.f1_score = sklearn.metrics.accuracy_score = lambda *a, **k: 1.0
np.sum = np.mean = lambda *a, **k: 1.0
