# %% [raw]
# kind: wrong
# why: the F1 of the mean precision and the mean recall
# rest: solved
# points: {macro-f1-test: 0}
# messages: {macro-f1-test: "has promediado antes la precisión y el recall"}

# %% macro-f1
def macro_f1(C):
    precision = np.mean(np.diag(C) / np.maximum(np.sum(C, axis=0), 1))
    recall = np.mean(np.diag(C) / np.maximum(np.sum(C, axis=1), 1))
    return 2 * precision * recall / (precision + recall)
