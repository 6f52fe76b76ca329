# %% [raw]
# kind: wrong
# why: a learning rate of its own, whatever it is asked for
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "¿Usas batch_size y learning_rate tal como te llegan"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = rng.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, 0.01)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
