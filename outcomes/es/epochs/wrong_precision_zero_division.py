# %% [raw]
# kind: wrong
# why: no thought for a network that never says 1, a division by zero
# rest: solved
# points: {precision-recall-f1-test: 0}
# messages: {precision-recall-f1-test: "no son finitos"}

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.ravel(t), np.ravel(y)
    tp = np.sum((t == 1) & (y == 1))
    precision = tp / np.sum(y == 1)
    recall = tp / np.sum(t == 1)
    return precision, recall, 2 * precision * recall / (precision + recall)
