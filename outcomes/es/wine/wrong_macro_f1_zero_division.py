# %% [raw]
# kind: wrong
# why: 0/0 for a class that is never predicted, the answer is nan
# rest: solved
# points: {macro-f1-test: 0}
# messages: {macro-f1-test: "con una clase que no se predice nunca: `macro_f1(C)` contiene 1 valores que no son finitos"}

# %% macro-f1
def macro_f1(C):
    precision = np.diag(C) / np.sum(C, axis=0)
    recall = np.diag(C) / np.sum(C, axis=1)
    return np.mean(2 * precision * recall / (precision + recall))
