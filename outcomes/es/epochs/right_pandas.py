# %% [raw]
# kind: right
# why: tables, rows sampled from a DataFrame, corr and a contingency table, running minima for the curves
# rest: solved

# %% mse
import pandas as pd


def mse(t, y):
    t, y = pd.DataFrame(t), pd.DataFrame(y)
    return (t - y).pow(2).to_numpy().mean()

# %% batches
def batches(X, t, batch_size, rng):
    table = pd.DataFrame(X)
    table["target"] = t
    table = table.sample(frac=1, random_state=rng).reset_index(drop=True)
    parts = []
    for _, rows in table.groupby(table.index // batch_size):
        parts.append((rows.drop(columns="target").to_numpy(), rows["target"].to_numpy()))
    return parts

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b = np.zeros(X.shape[1]) + rng.random(), 0
    history = pd.DataFrame({"E": np.zeros(epochs)})
    for epoch in range(epochs):
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        history.loc[epoch, "E"] = mse(t, X @ w + b)
    return w, b, history["E"]

# %% correlation
def correlation(t, y):
    t, y = pd.Series(np.ravel(t)), pd.Series(np.ravel(y))
    if t.nunique() == 1 or y.nunique() == 1:
        return 0.0
    return t.corr(y)

# %% precision-recall-f1
def precision_recall_f1(t, y):
    pairs = pd.DataFrame({"t": t, "y": y}).value_counts()
    tp, fp, fn = (pairs.get(pair, 0) for pair in [(1, 1), (0, 1), (1, 0)])
    answer = pd.Series([tp, tp, 2 * tp]) / pd.Series([tp + fp, tp + fn, 2 * tp + fp + fn])
    return answer.fillna(0.0)

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    losses = pd.Series(val_losses, index=range(1, len(val_losses) + 1))
    return None if losses.idxmin() == len(losses) else losses.idxmin()

# %% early-stopping
def early_stopping(val_losses, patience):
    losses = pd.Series(val_losses)
    best_before = losses.cummin().shift(fill_value=np.inf)
    improved = losses < best_before
    waiting = (~improved).groupby(improved.cumsum()).cumsum()
    stops = waiting[waiting >= patience].index
    stop = stops[0] if len(stops) else len(losses) - 1
    return stop + 1, losses[:stop + 1].idxmin() + 1
