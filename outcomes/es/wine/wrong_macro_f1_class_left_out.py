# %% [raw]
# kind: wrong
# why: a class with 0/0 is left out of the mean
# rest: solved
# points: {macro-f1-test: 0}
# messages: {macro-f1-test: "el promedio te sale sobre menos de 3 clases"}

# %% macro-f1
def macro_f1(C):
    precision = np.diag(C) / np.sum(C, axis=0)
    recall = np.diag(C) / np.sum(C, axis=1)
    return np.nanmean(2 * precision * recall / (precision + recall))
