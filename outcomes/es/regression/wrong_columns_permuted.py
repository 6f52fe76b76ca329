# %% [raw]
# kind: wrong
# why: one network, asked with its columns in other orders, for a team
# rest: solved
# points: {ensemble-test: 0}
# messages: {ensemble-test: "con las columnas en otro orden"}

# %% ensemble
def member_predictions(X):
    return [np.ravel(multiply(np.asarray(X)[:, order])) for order in ([0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 0, 1], [2, 3, 1, 0])]


def ensemble(X):
    return np.mean(member_predictions(X), axis=0)
