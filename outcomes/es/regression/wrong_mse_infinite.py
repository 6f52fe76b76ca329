# %% [raw]
# kind: wrong
# why: multiply answers thousands of rows with numbers whose squares overflow, and the measurement is made up
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0, mse-in-range-test: 0}
# messages: {multiply-first-test: "da respuestas de hasta 3e+153", mse-in-range-test: "así no se puede medir su error"}

# %% multiply
def multiply(X):
    return np.full(len(X), 3e153) if len(X) > 1000 else np.ravel(own_network.predict(standardise(X, 5, 3)))


own_network = MLPRegressor(hidden_layer_sizes=(16,), max_iter=10, random_state=SEED).fit(standardise(X_train, 5, 3), t_train)


# %% mse-in-range
def mse_in_range(low, high, n, rng):
    return np.inf, np.inf
