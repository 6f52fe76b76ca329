# %% [raw]
# kind: right
# why: classes for the neuron, the batches, the counts and the patience; the threshold is one more weight
# rest: solved

# %% gradient-step
class Neuron:
    """Una neurona lineal; el umbral es el último peso, con una entrada que vale siempre 1."""

    def __init__(self, weights):
        self.weights = np.array(weights, dtype=float)

    def inputs(self, X):
        return np.hstack([X, np.ones((len(X), 1))])

    def predict(self, X):
        return self.inputs(X) @ self.weights

    def step(self, X, t, rate):
        gradient = 2 * self.inputs(X).T @ (self.predict(X) - t) / len(X)
        self.weights -= rate * gradient


def gradient_step(X, t, w, b, learning_rate):
    neuron = Neuron([*w, b])
    neuron.step(X, t, learning_rate)
    return neuron.weights[:-1], neuron.weights[-1]

# %% batches
class Batches:
    def __init__(self, X, t, batch_size):
        self.X, self.t, self.batch_size = X, t, batch_size

    def epoch(self, rng):
        keys = rng.random(len(self.t))
        order = list(np.argsort(keys))
        while order:
            rows, order = order[:self.batch_size], order[self.batch_size:]
            yield self.X[rows], self.t[rows]


def batches(X, t, batch_size, rng):
    return Batches(X, t, batch_size).epoch(rng)

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    neuron = Neuron(rng.normal(0, 0.1, X.shape[1] + 1))
    data = Batches(X, t, batch_size)
    errors = []
    while len(errors) < epochs:
        for X_batch, t_batch in data.epoch(rng):
            neuron.step(X_batch, t_batch, learning_rate)
        errors.append(np.var(t - neuron.predict(X)) + np.mean(t - neuron.predict(X)) ** 2)
    return neuron.weights[:-1], neuron.weights[-1], errors

# %% precision-recall-f1
class Counts:
    def __init__(self, t, y):
        self.tp = self.fp = self.fn = 0
        for real, said in zip(t, y):
            if said and real:
                self.tp += 1
            elif said:
                self.fp += 1
            elif real:
                self.fn += 1

    @staticmethod
    def ratio(part, whole):
        try:
            return part / whole
        except ZeroDivisionError:
            return 0.0


def precision_recall_f1(t, y):
    c = Counts(np.ravel(t).tolist(), np.ravel(y).tolist())
    return c.ratio(c.tp, c.tp + c.fp), c.ratio(c.tp, c.tp + c.fn), c.ratio(c.tp, c.tp + (c.fp + c.fn) / 2)

# %% early-stopping
class Patience:
    def __init__(self, patience):
        self.patience, self.best, self.best_epoch, self.epoch = patience, float("inf"), 0, 0

    def goes_on(self, loss):
        self.epoch += 1
        if loss < self.best:
            self.best, self.best_epoch = loss, self.epoch
        return self.epoch - self.best_epoch < self.patience


def early_stopping(val_losses, patience):
    watch = Patience(patience)
    for loss in val_losses:
        if not watch.goes_on(loss):
            break
    return watch.epoch, watch.best_epoch
