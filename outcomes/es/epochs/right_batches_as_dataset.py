# %% [raw]
# kind: right
# why: the batches are a Keras data set, which ends because it has a length
# rest: solved

# %% batches
class Batches(keras.utils.PyDataset):
    def __init__(self, X, t, batch_size, rng):
        super().__init__()
        order = rng.permutation(len(t))
        self.X, self.t, self.batch_size = X[order], t[order], batch_size

    def __len__(self):
        return -(-len(self.t) // self.batch_size)

    def __getitem__(self, n):
        rows = slice(n * self.batch_size, (n + 1) * self.batch_size)
        return self.X[rows], self.t[rows]


def batches(X, t, batch_size, rng):
    return Batches(X, t, batch_size, rng)

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = rng.normal(size=X.shape[1]), 0.0
    errors = []
    for _ in range(epochs):
        for X_batch, t_batch in map(batches(X, t, batch_size, rng).__getitem__, range(-(-len(t) // batch_size))):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors.append(mse(t, X @ w + b))
    return w, b, errors
