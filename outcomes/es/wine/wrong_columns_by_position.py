# %% [raw]
# kind: wrong
# why: takes the columns in the order in which they come
# rest: solved
# points: {predict-any-table-test: 0}
# messages: {predict-any-table-test: "Con las columnas en otro orden cambian"}

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df.to_numpy())
    return network.predict(wines_std, verbose=0).argmax(axis=1) + 1
