# %% [raw]
# kind: partial
# why: a training for two inputs only, a return forgotten, two functions left out
# rest: untouched
# points:
#   mse-test: 1
#   gradient-step-test: 1
#   batches-test: 1
#   train-loop-test: 1
#   correlation-test: 1
#   iterations-test: 1
# messages:
#   train-test: "`train` se ha detenido"
#   precision-recall-f1-test: "sin hacer todavía"
#   overfitting-epoch-test: "None"
#   early-stopping-test: "sin hacer todavía"

# %% mse
def mse(t, y):
    return float(np.mean(np.square(np.ravel(t) - np.ravel(y))))

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    return w + learning_rate * 2 * error @ X / len(t), b + learning_rate * 2 * error.mean()

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    return [(X[order[k:k + batch_size]], t[order[k:k + batch_size]]) for k in range(0, len(t), batch_size)]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=2), 0.0
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    if np.ptp(t) == 0 or np.ptp(y) == 0:
        return 0.0
    return np.mean((t - t.mean()) * (y - y.mean())) / (t.std() * y.std())

# %% iterations
def iterations(N, batch_size, epochs):
    return int(np.ceil(N / batch_size)) * epochs

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = np.argmin(val_losses) + 1
