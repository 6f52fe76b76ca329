# %% [raw]
# kind: wrong
# why: adds the squares up and does not divide by their number
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "¿Es la media de los cuadrados"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    error = np.sum((t - np.ravel(multiply(X))) ** 2)
    return error, error / t.var()
