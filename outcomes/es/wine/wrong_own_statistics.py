# %% [raw]
# kind: wrong
# why: the network is good, but each table is standardised with its own mean and σ, so that a wine alone becomes zeros
# rest: solved
# points: {predict-any-table-test: 0}
# messages: {predict-any-table-test: "cuando llegan solos"}

# %% predict-cultivator
def predict_cultivator(df):
    wines = df[FEATURES].to_numpy()
    wines_std = (wines - wines.mean(axis=0)) / (wines.std(axis=0) + 1e-9)
    return network.predict(wines_std, verbose=0).argmax(axis=1) + 1
