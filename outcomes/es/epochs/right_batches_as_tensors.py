# %% [raw]
# kind: right
# why: a tf.data.Dataset of the shuffled rows, and a loop of its own in train
# rest: solved

# %% batches
import tensorflow as tf


def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    return tf.data.Dataset.from_tensor_slices((X[order], t[order])).batch(batch_size)

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    errors = []
    for _ in range(epochs):
        order = rng.permutation(len(t))
        for rows in np.array_split(order, np.arange(batch_size, len(t), batch_size)):
            w, b = gradient_step(X[rows], t[rows], w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
