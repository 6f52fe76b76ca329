# %% [raw]
# kind: right
# why: each batch is a DataFrame and a Series, given by an object that can be iterated
# rest: solved

# %% batches
import pandas as pd


class Epoch:
    def __init__(self, X, t, batch_size, rng):
        self.rows = pd.DataFrame(X).assign(t=t).iloc[rng.permutation(len(t))]
        self.batch_size = batch_size

    def __iter__(self):
        for start in range(0, len(self.rows), self.batch_size):
            batch = self.rows.iloc[start:start + self.batch_size]
            yield batch.drop(columns="t"), batch["t"]


def batches(X, t, batch_size, rng):
    return Epoch(X, t, batch_size, rng)

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch.to_numpy(), t_batch.to_numpy(), w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
