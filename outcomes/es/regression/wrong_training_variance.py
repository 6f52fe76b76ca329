# %% [raw]
# kind: wrong
# why: divides the MSE by the variance of the training products in every range, so that outside it means nothing
# rest: solved
# points: {mse-in-range-test: 0}
# messages: {mse-in-range-test: "varianza de esas mismas filas"}

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    error = mse(X.prod(axis=1), np.ravel(multiply(X)))
    return error, error / t_train.var()
