# %% [raw]
# kind: wrong
# why: np.cov divides by N - 1, np.std by N
# rest: solved
# points: {correlation-test: 0}
# messages: {correlation-test: "que todo se divida entre N"}

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    if np.ptp(t) == 0 or np.ptp(y) == 0:
        return 0.0
    return np.cov(t, y)[0, 1] / (np.std(t) * np.std(y))
