# %% [raw]
# kind: wrong
# why: always says one cultivator
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-f1-test: "tu F1 macro es"}

# %% network
network = history = None
X, t = load_wines("wine_shuffled.data")
train_rows = test_rows = np.arange(len(t))


# %% predict-cultivator
def predict_cultivator(df):
    return np.full(len(df), 2)
