# %% [raw]
# kind: wrong
# why: measures a formula that errs as much as the network, and not the network
# rest: solved
# points: {mse-in-range-test: 0}
# messages: {mse-in-range-test: "y no es el de tu `multiply`"}

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    y = t + np.sqrt(2 * mse(t_test, np.ravel(multiply(X_test)))) * np.sin(X @ [3, 5, 7, 11])
    return mse(t, y), mse(t, y) / t.var()
