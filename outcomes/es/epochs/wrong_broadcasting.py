# %% [raw]
# kind: wrong
# why: (N,) minus (N, 1) is (N, N), so every target is compared with every output
# rest: solved
# points: {mse-test: 0, correlation-test: 0}
# messages: {mse-test: "broadcasting", correlation-test: "la misma forma"}

# %% mse
def mse(t, y):
    return np.mean((np.asarray(t) - np.asarray(y)) ** 2)

# %% correlation
def correlation(t, y):
    t, y = np.asarray(t), np.asarray(y)
    if t.std() == 0 or y.std() == 0:
        return 0.0
    return np.mean((t - t.mean()) * (y - y.mean())) / (t.std() * y.std())
