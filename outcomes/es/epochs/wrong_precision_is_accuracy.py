# %% [raw]
# kind: wrong
# why: counts every right answer, the zeros too, as a true positive
# rest: solved
# points: {precision-recall-f1-test: 0}
# messages: {precision-recall-f1-test: "Con 90 etiquetas, la precisión no es lo que pide la fórmula"}

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.ravel(t), np.ravel(y)
    tp = np.sum(t == y)
    fp, fn = np.sum((t == 0) & (y == 1)), np.sum((t == 1) & (y == 0))
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1
