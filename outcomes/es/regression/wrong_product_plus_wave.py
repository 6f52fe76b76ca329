# %% [raw]
# kind: wrong
# why: the product, off by a little, in place of any network; no two members err alike
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0, ensemble-test: 0}
# messages:
#   multiply-first-test: "no sale de una red entrenada"
#   multiply-test: "no sale de una red entrenada"
#   multiply-rho-test: "no sale de una red entrenada"
#   ensemble-test: "de `member_predictions` sigue acertando"

# %% multiply
def multiply(X):
    X = np.asarray(X, dtype=float)
    return X.prod(axis=1) + 20 * np.sin(X @ [3, 5, 7, 11])


# %% ensemble
def member_predictions(X):
    X = np.asarray(X, dtype=float)
    return np.array([X.prod(axis=1) + 50 * np.sin(X @ np.random.default_rng(m).uniform(1, 9, 4)) for m in range(3)])


def ensemble(X):
    return member_predictions(X).mean(axis=0)
