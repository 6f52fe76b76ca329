# %% [raw]
# kind: wrong
# why: notes the error of the last batch, not of the whole set
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "Mide al acabar cada época, con todas las filas"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t_batch, X_batch @ w + b))
    return w, b, errors
