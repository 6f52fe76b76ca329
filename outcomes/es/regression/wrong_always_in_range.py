# %% [raw]
# kind: wrong
# why: measures with the test rows of the notebook, whatever range is asked for
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "con números uniformes entre low y high?"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    rows = rng.choice(len(X_test), n)
    error = mse(t_test[rows], np.ravel(multiply(X_test[rows])))
    return error, error / t_test[rows].var()
