# %% [raw]
# kind: right
# why: single precision from the first to the last number, as networks compute
# rest: solved

# %% mse
def mse(t, y):
    t = np.ravel(t).astype(np.float32)
    y = np.ravel(y).astype(np.float32)
    return np.dot(t - y, t - y) / np.float32(t.size)

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    X, t, w, b = (np.asarray(a, dtype=np.float32) for a in (X, t, w, b))
    error = X @ w + b - t
    rate = np.float32(2 * learning_rate / len(t))
    return w - rate * (error @ X), b - rate * error.sum()

# %% batches
def batches(X, t, batch_size, rng):
    data = np.column_stack([X, t]).astype(np.float32)
    data = data[rng.permutation(len(data)), :]
    return [(part[:, :-1], part[:, -1]) for part in np.split(data, np.arange(batch_size, len(data), batch_size))]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    X, t = X.astype(np.float32), t.astype(np.float32)
    w, b = rng.normal(size=X.shape[1]).astype(np.float32), np.float32(0)
    errors = np.empty(epochs, dtype=np.float32)
    for epoch in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors[epoch] = mse(t, X @ w + b)
    return w, b, errors

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t).astype(np.float32), np.ravel(y).astype(np.float32)
    if np.all(t == t[0]) or np.all(y == y[0]):
        return np.float32(0)
    z_t, z_y = (t - t.mean()) / t.std(), (y - y.mean()) / y.std()
    return np.mean(z_t * z_y)

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.float32(t), np.float32(y)
    tp, said, real = t @ y, y.sum(), t.sum()
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.array([tp / said, tp / real, 2 * tp / (said + real)], dtype=np.float32))

# %% iterations
def iterations(N, batch_size, epochs):
    return np.ceil(np.float32(N) / np.float32(batch_size)) * epochs

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    epoch = np.float32(np.argmin(np.float32(val_losses)) + 1)
    return epoch if epoch < len(val_losses) else None
