# %% [raw]
# kind: wrong
# why: notes an error per iteration, inside the inner loop
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "es uno por época"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
            errors.append(mse(t, X @ w + b))
    return w, b, errors
