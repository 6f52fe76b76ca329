# %% [raw]
# kind: wrong
# why: only y is flattened, so that a target of shape (N, 1) is subtracted from everything
# rest: solved
# points: {mse-test: 0, correlation-test: 0}
# messages: {mse-test: "Con t de forma (57, 1) e y de forma (57,)", correlation-test: "t e y de forma (12, 1) y (12,)"}

# %% mse
def mse(t, y):
    t, y = np.asarray(t), np.asarray(y)
    if t.ndim == 1:
        y = y.ravel()
    return np.mean((t - y) ** 2)

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors

# %% correlation
def correlation(t, y):
    t, y = np.asarray(t), np.ravel(y)
    if np.ptp(t) == 0 or np.ptp(y) == 0:
        return 0.0
    return np.mean((t - t.mean()) * (y - y.mean())) / (t.std() * y.std())
