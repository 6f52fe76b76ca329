# %% [raw]
# kind: wrong
# why: one mean and one σ for the whole table; the columns of this notebook are so alike that its networks do not notice
# rest: solved
# points: {standardise-test: 0}
# messages:
#   standardise-test: "tiene la forma (); se esperaban números con forma (3,)"

# %% standardise
def mean_and_sigma(train):
    return np.mean(train), np.std(train)


def standardise(data, mean, sigma):
    return (data - mean) / sigma


def unstandardise(z, mean, sigma):
    return z * sigma + mean
