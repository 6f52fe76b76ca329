# %% [raw]
# kind: wrong
# why: forgets to go back from Keras's classes, 0 to 2, to the cultivators, 1 to 3
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "Salen ceros", predict-f1-test: "Los cultivadores son 1, 2 y 3"}

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return network.predict(wines_std, verbose=0).argmax(axis=1)
