# %% [raw]
# kind: wrong
# why: only the last error is measured, the others come from a straight line down to it
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "al acabar esa época E es"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
    last = mse(t, X @ w + b)
    return w, b, [last * (1 + left) for left in reversed(range(epochs))]
