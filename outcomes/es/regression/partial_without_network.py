# %% [raw]
# kind: partial
# why: the functions are written, but no network; nothing that multiplies can be measured or averaged
# rest: untouched
# points: {standardise-test: 1}
# messages:
#   multiply-test: "sin hacer"
#   mse-in-range-test: "sin hacer"
#   ensemble-test: "sin hacer"

# %% standardise
def mean_and_sigma(train):
    return np.mean(train, axis=0), np.std(train, axis=0)


def standardise(data, mean, sigma):
    return (data - mean) / sigma


def unstandardise(z, mean, sigma):
    return z * sigma + mean


# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    error = mse(t, multiply(X))
    return error, error / t.var()
