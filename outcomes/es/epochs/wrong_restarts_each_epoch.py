# %% [raw]
# kind: wrong
# why: the weights start anew in every epoch, so only the last epoch counts
# rest: solved
# points: {train-test: 0, train-loop-test: 0}
# messages: {train-test: "parta de los pesos del anterior", train-loop-test: "no converge"}

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    errors = []
    for _ in range(epochs):
        w, b = rng.normal(size=X.shape[1]), 0.0
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
