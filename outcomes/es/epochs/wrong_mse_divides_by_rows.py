# %% [raw]
# kind: wrong
# why: divides by the number of rows N, not by all K × N numbers
# rest: solved
# points: {mse-test: 0}
# messages: {mse-test: "Con N=57 y K=3"}

# %% mse
def mse(t, y):
    t, y = np.asarray(t), np.asarray(y)
    y = y.reshape(t.shape)
    return ((t - y) ** 2).sum() / len(t)
