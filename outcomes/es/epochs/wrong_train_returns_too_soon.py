# %% [raw]
# kind: wrong
# why: the return is inside the loop, so that the training ends after one epoch
# rest: solved
# points: {train-test: 0, train-loop-test: 0}
# messages: {train-test: "en todas las épocas", train-loop-test: "Con epochs=6, `errors` tiene 1 valores"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
        return w, b, errors
