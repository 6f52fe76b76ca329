# %% [raw]
# kind: wrong
# why: the confusion matrix is transposed, and the macro F1 is the share of right answers
# rest: solved
# points: {confusion-test: 0, macro-f1-test: 0}
# messages: {confusion-test: "tu matriz está traspuesta", macro-f1-test: "has devuelto el porcentaje de aciertos"}

# %% confusion
def confusion(t, y, labels):
    labels = list(labels)
    C = np.zeros((len(labels), len(labels)), dtype=int)
    for true, predicted in zip(t, y):
        C[labels.index(predicted), labels.index(true)] += 1
    return C


# %% macro-f1
def macro_f1(C):
    return np.trace(C) / np.sum(C)
