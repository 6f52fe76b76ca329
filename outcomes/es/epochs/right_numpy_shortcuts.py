# %% [raw]
# kind: right
# why: NumPy does the work (split, corrcoef, lexical tricks), float32 training, renamed arguments
# rest: solved

# %% mse
def mse(target, output):
    return np.square(np.asarray(target).reshape(-1) - np.asarray(output).reshape(-1)).mean()

# %% gradient-step
def gradient_step(X, t, w, b, rate):
    A = np.column_stack([X, np.ones(len(X))])
    weights = np.append(w, b)
    weights = weights - rate * 2 / len(X) * A.T @ (A @ weights - t)
    return weights[:-1], weights[-1]

# %% batches
def batches(X, t, batch_size, rng):
    order = np.arange(len(t))
    rng.shuffle(order)
    return [(X[rows], t[rows]) for rows in np.split(order, range(batch_size, len(t), batch_size))]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w = rng.uniform(-0.5, 0.5, X.shape[1]).astype("float32")
    b = np.float32(rng.normal())
    errors = []
    for epoch in range(epochs):
        for rows in batches(X.astype("float32"), t.astype("float32"), batch_size, rng):
            w, b = gradient_step(*rows, w, b, learning_rate)
        errors += [mse(X @ w + b, t)]
    return w, b, errors

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    if np.std(t) * np.std(y) == 0:
        return 0
    return np.corrcoef(t, y)[0, 1]

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.array(t, dtype=bool), np.array(y, dtype=bool)
    tp = (t & y).sum()
    precision = tp / max(y.sum(), 1)
    recall = tp / max(t.sum(), 1)
    return np.array([precision, recall, 2 * tp / max(t.sum() + y.sum(), 1)], dtype="float32")

# %% iterations
def iterations(N, batch_size, epochs):
    return -(-N // batch_size) * epochs

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = np.argmin(val_losses)
    if best < len(val_losses) - 1:
        return best + 1

# %% early-stopping
def early_stopping(val_losses, patience):
    losses = np.asarray(val_losses)
    for epoch in range(1, len(losses) + 1):
        best = np.argmin(losses[:epoch]) + 1
        if epoch - best >= patience:
            break
    return epoch, best
