# %% [raw]
# kind: wrong
# why: divides by 0 when one of the two is constant
# rest: solved
# points: {correlation-test: 0}
# messages: {correlation-test: "no son finitos"}

# %% correlation
def correlation(t, y):
    return np.corrcoef(np.ravel(t), np.ravel(y))[0, 1]
