# %% [raw]
# kind: wrong
# why: takes the root of the MSE, the error in units of the product
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "no es el de tu `multiply`"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    error = np.sqrt(mse(t, np.ravel(multiply(X))))
    return error, error / t.std()
