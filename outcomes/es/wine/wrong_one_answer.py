# %% [raw]
# kind: wrong
# why: argmax over the whole table, one position for all wines
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "se esperaban números con forma (36,)", predict-f1-test: "se esperaban números con forma (36,)"}

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    return network.predict(wines_std, verbose=0).argmax() + 1
