# %% [raw]
# kind: right
# why: methods of lists where lists are given, float32 and long double, Fractions, a pair as an array, warnings that do no harm
# rest: solved

# %% mse
def mse(t, y):
    return np.float32(np.square(np.ravel(t) - np.ravel(y)).mean())

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - X @ w - b
    step = 2 * learning_rate / len(t) * np.append(X.T @ error, error.sum())
    yield w + step[:-1].astype(np.longdouble)
    yield np.longdouble(b + step[-1])

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    return ([X[rows].astype("float32"), t[rows].tolist()] for rows in np.split(order, range(batch_size, len(t), batch_size)))

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, np.zeros(epochs)
    for epoch in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, np.array(t_batch), w, b, learning_rate)
        errors[epoch] = mse(t, X @ w + b)
    return {"w": w, "b": b, "errors": errors}.values()

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t) - np.mean(t), np.ravel(y) - np.mean(y)
    return np.nan_to_num((t @ y) / np.sqrt((t @ t) * (y @ y)))

# %% precision-recall-f1
from fractions import Fraction


def precision_recall_f1(t, y):
    pairs = list(zip(list(t), list(y)))
    tp, said, real = pairs.count((1, 1)), list(y).count(1), list(t).count(1)
    return [Fraction(int(a), int(b)) if b else 0 for a, b in ((tp, said), (tp, real), (2 * tp, said + real))]

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = val_losses.index(min(val_losses)) + 1
    return best if best < len(val_losses) else None

# %% early-stopping
def early_stopping(val_losses, patience):
    seen = []
    while len(seen) < len(val_losses):
        seen += [val_losses[len(seen)]]
        best = seen.index(min(seen)) + 1
        if len(seen) - best >= patience:
            break
    return np.array([len(seen), best])
