# %% [raw]
# kind: right
# why: plain Python loops and lists, answers as lists, (N, 1) columns and whole numbers as float
# rest: solved

# %% mse
def mse(t, y):
    t, y = np.array(t, dtype="float32"), np.array(y, dtype="float32")
    t, y = t.reshape(len(t), -1), y.reshape(len(y), -1)
    total = 0.0
    for n in range(t.shape[0]):
        for k in range(t.shape[1]):
            total += (t[n, k] - y[n, k]) ** 2
    return total / (t.shape[0] * t.shape[1])

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    rows, inputs = np.shape(X)
    error = [t[n] - b - sum(X[n][i] * w[i] for i in range(inputs)) for n in range(rows)]
    w_new = [w[i] + 2 * learning_rate / rows * sum(error[n] * X[n][i] for n in range(rows)) for i in range(inputs)]
    return [np.array(w_new), np.array([b + 2 * learning_rate / rows * sum(error)])]

# %% batches
def batches(X, t, batch_size, rng):
    together = rng.permutation(np.column_stack([X, t]), axis=0)
    result = []
    while len(together) > 0:
        lot, together = together[:batch_size], together[batch_size:]
        result.append([lot[:, :-1].tolist(), lot[:, -1:].tolist()])
    return result

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = np.zeros((X.shape[1], 1)), 0.0, []
    t = t.reshape(-1, 1)
    for _ in range(epochs):
        order = rng.permutation(len(t))
        for start in range(0, len(t), batch_size):
            rows = order[start:start + batch_size]
            error = t[rows] - X[rows] @ w - b
            w = w + 2 * learning_rate * X[rows].T @ error / len(rows)
            b = b + 2 * learning_rate * error.mean()
        errors.append(float(((t - X @ w - b) ** 2).mean()))
    return w, b, np.array(errors)

# %% correlation
def correlation(t, y):
    t = [float(value) for value in np.array(t).flatten()]
    y = [float(value) for value in np.array(y).flatten()]
    mean_t, mean_y = sum(t) / len(t), sum(y) / len(y)
    both = sum((a - mean_t) * (b - mean_y) for a, b in zip(t, y))
    own = sum((a - mean_t) ** 2 for a in t) * sum((b - mean_y) ** 2 for b in y)
    return both / own ** 0.5 if own > 0 else 0.0

# %% precision-recall-f1
def precision_recall_f1(t, y):
    pairs = list(zip(t, y))
    tp = sum(1 for a, b in pairs if a == 1 and b == 1)
    fp = sum(1 for a, b in pairs if a == 0 and b == 1)
    fn = sum(1 for a, b in pairs if a == 1 and b == 0)
    precision = tp / (tp + fp) if tp + fp else 0
    recall = tp / (tp + fn) if tp + fn else 0
    return [precision, recall, 2 * tp / (2 * tp + fp + fn) if tp else 0]

# %% iterations
def iterations(N, batch_size, epochs):
    count = 0.0
    for _ in range(epochs):
        for _ in range(0, N, batch_size):
            count += 1
    return count

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    losses = list(val_losses)
    if losses[-1] == min(losses):
        return None
    return float(losses.index(min(losses)) + 1)

# %% early-stopping
def early_stopping(val_losses, patience):
    best, best_epoch, waiting = val_losses[0], 1, 0
    for position in range(1, len(val_losses)):
        if val_losses[position] < best:
            best, best_epoch, waiting = val_losses[position], position + 1, 0
        else:
            waiting += 1
            if waiting >= patience:
                return np.array([position + 1, best_epoch])
    return [len(val_losses), best_epoch]
