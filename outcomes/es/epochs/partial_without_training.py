# %% [raw]
# kind: partial
# why: everything that is counted, measured or read from a curve, but neither the step nor the training
# rest: untouched
# points:
#   mse-test: 1
#   correlation-test: 1
#   precision-recall-f1-test: 1
#   iterations-test: 1
#   overfitting-epoch-test: 1
#   early-stopping-test: 1
# messages:
#   gradient-step-test: "sin hacer todavía"
#   batches-test: "sin hacer todavía"
#   train-test: "sin hacer todavía"
#   train-loop-test: "sin hacer todavía"

# %% mse
def mse(t, y):
    t, y = np.ravel(t), np.ravel(y)
    return ((t - y) ** 2).sum() / t.size

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    if t.std() == 0 or y.std() == 0:
        return 0.0
    return np.corrcoef(t, y)[0, 1]

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.asarray(t), np.asarray(y)
    tp, said, real = np.sum((t == 1) & (y == 1)), np.sum(y == 1), np.sum(t == 1)
    if tp == 0:
        return 0.0, 0.0, 0.0
    precision, recall = tp / said, tp / real
    return precision, recall, 2 * precision * recall / (precision + recall)

# %% iterations
import math


def iterations(N, batch_size, epochs):
    return epochs * math.ceil(N / batch_size)

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = np.argmin(val_losses) + 1
    if best == len(val_losses):
        return None
    return best

# %% early-stopping
def early_stopping(val_losses, patience):
    best_epoch = 1
    for epoch in range(1, len(val_losses) + 1):
        if val_losses[epoch - 1] < val_losses[best_epoch - 1]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            break
    return epoch, best_epoch
