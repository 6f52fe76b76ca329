# %% [raw]
# kind: right
# why: lambdas, comprehensions and itertools, everything as short as it gets
# rest: solved

# %% mse
mse = lambda t, y: np.mean(np.subtract(np.ravel(t), np.ravel(y)) ** 2)

# %% gradient-step
gradient_step = lambda X, t, w, b, rate: (
    w + 2 * rate * np.mean((t - X @ w - b)[:, None] * X, axis=0),
    b + 2 * rate * np.mean(t - X @ w - b),
)

# %% batches
from itertools import accumulate, count, islice, takewhile


def batches(X, t, batch_size, rng):
    rows = iter(rng.choice(len(t), len(t), replace=False))
    yield from ((X[k], t[k]) for k in takewhile(len, (list(islice(rows, batch_size)) for _ in count())))

# %% train
from functools import reduce


def train(X, t, batch_size, epochs, rate, rng):
    epoch = lambda wb, _: reduce(lambda wb, batch: gradient_step(*batch, *wb, rate), batches(X, t, batch_size, rng), wb)
    steps = list(accumulate(range(epochs), epoch, initial=(rng.uniform(-1, 1, X.shape[1]), 0.0)))
    return *steps[-1], [mse(t, X @ w + b) for w, b in steps[1:]]

# %% correlation
correlation = lambda t, y: 0.0 if np.ptp(t) * np.ptp(y) == 0 else np.corrcoef(np.ravel(t), np.ravel(y))[1, 0]

# %% precision-recall-f1
def precision_recall_f1(t, y):
    tp, real, said = (sum(a and b for a, b in zip(p, q)) for p, q in ((t, y), (t, t), (y, y)))
    return [top / (bottom or 1) for top, bottom in ((tp, said), (tp, real), (2 * tp, said + real))]

# %% iterations
iterations = lambda N, batch_size, epochs: len(range(0, N, batch_size)) * epochs

# %% overfitting-epoch
overfitting_epoch = lambda losses: (best := 1 + list(losses).index(min(losses))) % len(losses) and best or None

# %% early-stopping
def early_stopping(losses, patience):
    best = [list(losses).index(lowest) + 1 for lowest in accumulate(losses, min)]
    return next(((epoch, b) for epoch, b in enumerate(best, 1) if epoch - b == patience), (len(losses), best[-1]))
