# %% [raw]
# kind: right
# why: everything a column, targets (N, 1), weights (D, 1) and the threshold (1, 1)
# rest: solved

# %% mse
def column(values):
    return np.asarray(values, dtype=float).reshape(-1, 1)


def mse(t, y):
    error = column(t) - column(y)
    return (error.T @ error / len(error))[0, 0]

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = column(t) - (X @ column(w) + b)
    w_new = column(w) + 2 * learning_rate / len(X) * (X.T @ error)
    b_new = np.array([[b]]).reshape(1, 1) + 2 * learning_rate * error.mean(axis=0, keepdims=True)
    return w_new, b_new

# %% batches
def batches(X, t, batch_size, rng):
    order = column(rng.permutation(len(t))).astype(int)
    for start in range(0, len(t), batch_size):
        rows = order[start:start + batch_size, 0]
        yield X[rows, :], column(t)[rows, :]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=(X.shape[1], 1)), rng.normal(size=(1, 1))
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append([mse(t, X @ w + b)])
    return w, b, np.array(errors)

# %% correlation
def correlation(t, y):
    t, y = column(t), column(y)
    t, y = t - t.mean(), y - y.mean()
    size = np.linalg.norm(t) * np.linalg.norm(y)
    return (t.T @ y / size)[0, 0] if size > 0 else 0.0

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = column(t), column(y)
    tp = (t.T @ y)[0, 0]
    precision = tp / y.sum() if y.sum() else 0.0
    recall = tp / t.sum() if t.sum() else 0.0
    f1 = tp / ((t + y).sum() / 2) if (t + y).sum() else 0.0
    return np.array([[precision], [recall], [f1]])

# %% early-stopping
def early_stopping(val_losses, patience):
    losses = column(val_losses)
    best_epoch = 1
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[best_epoch - 1]:
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            return np.array([[epoch, best_epoch]])
    return np.array([[len(losses), best_epoch]])
