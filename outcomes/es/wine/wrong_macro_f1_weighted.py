# %% [raw]
# kind: wrong
# why: the mean weighted with the size of each class
# rest: solved
# points: {macro-f1-test: 0}
# messages: {macro-f1-test: "has dado más peso a las clases grandes"}

# %% macro-f1
def macro_f1(C):
    precision = np.diag(C) / np.maximum(np.sum(C, axis=0), 1)
    recall = np.diag(C) / np.maximum(np.sum(C, axis=1), 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return np.average(f1, weights=np.sum(C, axis=1))
