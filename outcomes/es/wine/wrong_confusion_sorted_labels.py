# %% [raw]
# kind: wrong
# why: rows and columns in alphabetical order, whatever `labels` says
# rest: solved
# points: {confusion-test: 0}
# messages: {confusion-test: "Deben ir en el orden de `labels`"}

# %% confusion
def confusion(t, y, labels):
    t, y = np.asarray(t), np.asarray(y)
    return np.array([[np.sum((t == i) & (y == j)) for j in np.unique(labels)] for i in np.unique(labels)])
