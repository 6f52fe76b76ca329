# %% [raw]
# kind: wrong
# why: the initial weights come from NumPy's global generator
# rest: solved
# points: {train-loop-test: 0}
# messages: {train-loop-test: "saca todo el azar de `rng`"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors = np.random.normal(size=X.shape[1]), 0.0, []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
