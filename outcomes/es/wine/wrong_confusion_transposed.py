# %% [raw]
# kind: wrong
# why: rows and columns of the confusion matrix exchanged
# rest: solved
# points: {confusion-test: 0}
# messages: {confusion-test: "tu matriz está traspuesta"}

# %% confusion
def confusion(t, y, labels):
    labels = list(labels)
    C = np.zeros((len(labels), len(labels)), dtype=int)
    for true, predicted in zip(t, y):
        C[labels.index(predicted), labels.index(true)] += 1
    return C
