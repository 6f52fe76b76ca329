# %% [raw]
# kind: wrong
# why: draws whole numbers instead of any number between low and high
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "con números uniformes entre low y high"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.integers(low, high, (n, 4))
    t = X.prod(axis=1)
    error = mse(t, np.ravel(multiply(X)))
    return error, error / t.var()
