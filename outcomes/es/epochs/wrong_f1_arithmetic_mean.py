# %% [raw]
# kind: wrong
# why: F1 as the arithmetic mean of precision and recall
# rest: solved
# points: {precision-recall-f1-test: 0}
# messages: {precision-recall-f1-test: "F1 no es lo que pide la fórmula"}

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.ravel(t), np.ravel(y)
    tp = np.sum((t == 1) & (y == 1))
    precision = tp / np.sum(y == 1) if np.any(y == 1) else 0.0
    recall = tp / np.sum(t == 1) if np.any(t == 1) else 0.0
    return precision, recall, (precision + recall) / 2
