# %% [raw]
# kind: wrong
# why: precision divides by the real ones and recall by those the network says
# rest: solved
# points: {precision-recall-f1-test: 0}
# messages: {precision-recall-f1-test: "la precisión y el recall salen cambiados"}

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.ravel(t), np.ravel(y)
    tp = np.sum((t == 1) & (y == 1))
    precision = tp / np.sum(t == 1) if np.any(t == 1) else 0.0
    recall = tp / np.sum(y == 1) if np.any(y == 1) else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1
