# %% [raw]
# kind: wrong
# why: each part is standardised with its own mean and σ; `predict_cultivator` uses it, so that a wine alone becomes zeros
# rest: solved
# points: {standardise-test: 0, predict-any-table-test: 0}
# messages: {standardise-test: "Has estandarizado el test con su propia media", predict-any-table-test: "cuando llegan solos"}

# %% standardise
def standardise(train, test):
    train, test = np.asarray(train), np.asarray(test)
    return (train - train.mean(axis=0)) / train.std(axis=0), (test - test.mean(axis=0)) / (test.std(axis=0) + 1e-9)
