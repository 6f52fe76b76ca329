# %% [raw]
# kind: wrong
# why: cannot take lists, which have no reshape
# rest: solved
# points: {mse-test: 0}
# messages: {mse-test: "`mse` se ha detenido con un error tuyo: AttributeError"}

# %% mse
def mse(t, y):
    return np.mean((t - y.reshape(t.shape)) ** 2)
