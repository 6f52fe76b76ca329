# %% [raw]
# kind: wrong
# why: the two inputs of the example are written into the initial weights
# rest: solved
# points: {train-test: 0}
# messages: {train-test: "`train` se ha detenido con un error tuyo: ValueError"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=2), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
