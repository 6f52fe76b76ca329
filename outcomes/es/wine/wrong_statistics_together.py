# %% [raw]
# kind: wrong
# why: mean and σ of the training wines and the new ones together, so that a wine's answer depends on its company
# rest: solved
# points: {predict-any-table-test: 0}
# messages: {predict-any-table-test: "Estandariza con la media y la σ de la parte de entrenamiento"}

# %% predict-cultivator
def predict_cultivator(df):
    wines = df[FEATURES].to_numpy()
    both = np.concatenate([X[train_rows], wines])
    return network.predict((wines - both.mean(axis=0)) / both.std(axis=0), verbose=0).argmax(axis=1) + 1
