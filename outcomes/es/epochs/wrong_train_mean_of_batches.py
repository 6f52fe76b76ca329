# %% [raw]
# kind: wrong
# why: the error of an epoch is the mean of the errors of its batches, which is E only where all batches are of one size
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "No es la media de los errores de los lotes"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        starts = range(0, len(t), batch_size)
        errors.append(np.mean([mse(t[n:n + batch_size], X[n:n + batch_size] @ w + b) for n in starts]))
    return w, b, errors
