# %% [raw]
# kind: wrong
# why: fractions of all objects in the place of counts
# rest: solved
# points: {confusion-test: 0}
# messages: {confusion-test: "tu matriz suma 1 y debería sumar 200"}

# %% confusion
def confusion(t, y, labels):
    labels = list(labels)
    C = np.zeros((len(labels), len(labels)))
    for true, predicted in zip(t, y):
        C[labels.index(true), labels.index(predicted)] += 1
    return C / len(t)
