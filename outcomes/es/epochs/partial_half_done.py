# %% [raw]
# kind: partial
# why: stops after the loop, which notes an error per batch; epochs counted from 0; the rest is not attempted
# rest: untouched
# points: {mse-test: 1, gradient-step-test: 1, batches-test: 1, train-test: 1}
# messages: {train-loop-test: "uno por época", overfitting-epoch-test: "desde 1", correlation-test: "sin hacer todavía"}

# %% mse
def mse(t, y):
    return np.mean((np.ravel(t) - np.ravel(y)) ** 2)

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = X @ w + b - t
    return w - learning_rate * 2 * error @ X / len(t), b - learning_rate * 2 * error.mean()

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start:start + batch_size]], t[order[start:start + batch_size]]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
            errors.append(mse(t, X @ w + b))
    return w, b, errors

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = int(np.argmin(val_losses))
    return None if best == len(val_losses) - 1 else best
