# %% [raw]
# kind: right
# why: scikit-learn and SciPy where the task does not forbid them, errors, shuffling, slices, correlation
# rest: solved

# %% mse
from sklearn.metrics import mean_squared_error


def mse(t, y):
    t, y = np.array(t), np.array(y)
    return mean_squared_error(t.reshape(len(t), -1), y.reshape(len(y), -1))

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    N = len(X)
    y = np.dot(X, w) + b
    dE_dw = -2 / N * np.dot(t - y, X)
    dE_db = -2 / N * np.sum(t - y)
    return w - learning_rate * dE_dw, b - learning_rate * dE_db

# %% batches
from sklearn.utils import gen_batches, shuffle


def batches(X, t, batch_size, rng):
    X_mixed, t_mixed = shuffle(X, t, random_state=int(rng.integers(2**32 - 1)))
    for part in gen_batches(len(t), batch_size):
        yield X_mixed[part], t_mixed[part]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w = rng.standard_normal(X.shape[1]) / np.sqrt(X.shape[1])
    b = rng.standard_normal()
    errors = np.zeros(epochs)
    for epoch in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        errors[epoch] = mean_squared_error(t, X @ w + b)
    return w, b, errors.tolist()

# %% correlation
from scipy import stats


def correlation(t, y):
    t, y = np.array(t).flatten(), np.array(y).flatten()
    if len(set(t)) == 1 or len(set(y)) == 1:
        return 0
    return stats.pearsonr(t, y).statistic

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.array(t), np.array(y)
    # Filas: lo que hay (0, 1). Columnas: lo que dice la red (0, 1).
    table = np.zeros((2, 2))
    np.add.at(table, (t, y), 1)
    tp, said, real = table[1, 1], table[:, 1].sum(), table[1].sum()
    if tp == 0:
        return 0.0, 0.0, 0.0
    return tp / said, tp / real, stats.hmean([tp / said, tp / real])
