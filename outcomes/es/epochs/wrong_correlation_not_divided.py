# %% [raw]
# kind: wrong
# why: stops at the covariance, with units and without bounds
# rest: solved
# points: {correlation-test: 0}
# messages: {correlation-test: "ρ va de -1 a 1"}

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    return np.mean((t - t.mean()) * (y - y.mean()))
