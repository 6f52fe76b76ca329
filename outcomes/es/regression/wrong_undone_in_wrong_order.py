# %% [raw]
# kind: wrong
# why: adds the mean before multiplying with σ, so that nothing comes back in its units; ρ cannot see that
# rest: solved
# points: {standardise-test: 0, multiply-first-test: 0, multiply-test: 0, ensemble-test: 0}
# messages:
#   standardise-test: "`unstandardise` no deshace"
#   multiply-first-test: "si deshaces la de la salida"
#   multiply-test: "el objetivo es 4000"
#   ensemble-test: "mira si deshaces su salida"

# %% standardise
def mean_and_sigma(train):
    return np.mean(train, axis=0), np.std(train, axis=0)


def standardise(data, mean, sigma):
    return (data - mean) / sigma


def unstandardise(z, mean, sigma):
    return (z + mean) * sigma
