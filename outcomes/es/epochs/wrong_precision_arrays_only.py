# %% [raw]
# kind: wrong
# why: compares lists as a whole, so that no label is ever equal to 1
# rest: solved
# points: {precision-recall-f1-test: 0}
# messages: {precision-recall-f1-test: "Con listas, la precisión no es lo que pide la fórmula"}

# %% precision-recall-f1
def precision_recall_f1(t, y):
    tp = np.sum((t == 1) & (y == 1))
    fp = np.sum((t == 0) & (y == 1))
    fn = np.sum((t == 1) & (y == 0))
    precision = tp / (tp + fp) if tp + fp > 0 else 0.0
    recall = tp / (tp + fn) if tp + fn > 0 else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return precision, recall, f1
