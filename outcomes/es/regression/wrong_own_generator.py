# %% [raw]
# kind: wrong
# why: draws from a generator of its own and ignores rng, so that no measurement can be repeated
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "¿Sacas los números de `rng`?"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = np.random.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    error = mse(t, np.ravel(multiply(X)))
    return error, error / t.var()
