# %% [raw]
# kind: wrong
# why: multiply answers exactly when thousands of rows ask, so that no error is left to measure
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0, mse-in-range-test: 0}
# messages: {multiply-test: "nunca es exacta", mse-in-range-test: "da lo mismo con dos generadores distintos"}

# %% multiply
def multiply(X):
    X = np.asarray(X, dtype=float)
    return X.prod(axis=1) if len(X) > 1000 else X.prod(axis=1) + X[:, 0]


# %% mse-in-range
def mse_in_range(low, high, n, rng):
    return 0.0, 0.0
