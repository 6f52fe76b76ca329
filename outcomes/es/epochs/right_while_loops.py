# %% [raw]
# kind: right
# why: only loops and counters, while, pop, if, and no array operation where a loop will do
# rest: solved

# %% mse
def mse(t, y):
    t, y = list(np.ravel(t)), list(np.ravel(y))
    many, total = len(t), 0
    while t:
        difference = t.pop() - y.pop()
        total = total + difference * difference
    return total / many

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    change_w, change_b = [0.0] * len(w), 0.0
    for x, target in zip(X, t):
        output = b
        for i in range(len(w)):
            output += w[i] * x[i]
        for i in range(len(w)):
            change_w[i] += (target - output) * x[i]
        change_b += target - output
    w_new = []
    for i in range(len(w)):
        w_new.append(w[i] + learning_rate * 2 * change_w[i] / len(t))
    return w_new, b + learning_rate * 2 * change_b / len(t)

# %% batches
def batches(X, t, batch_size, rng):
    left = list(range(len(t)))
    X_batch, t_batch = [], []
    while left:
        # Saca una fila al azar de las que quedan.
        row = left.pop(int(rng.integers(len(left))))
        X_batch.append(X[row])
        t_batch.append(t[row])
        if len(t_batch) == batch_size or not left:
            yield X_batch, t_batch
            X_batch, t_batch = [], []

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    w, b, errors, epoch = [rng.random() for _ in X[0]], rng.random(), [], 0
    X, t = X.tolist(), t.tolist()
    while epoch < epochs:
        for X_batch, t_batch in batches(X, t, batch_size, rng):
            w, b = gradient_step(X_batch, t_batch, w, b, learning_rate)
        outputs = [b + sum(w[i] * x[i] for i in range(len(w))) for x in X]
        errors.append(mse(t, outputs))
        epoch += 1
    return w, b, errors

# %% precision-recall-f1
def precision_recall_f1(t, y):
    hits = said = real = 0
    for k in range(len(t)):
        if y[k] == 1:
            said += 1
            if t[k] == 1:
                hits += 1
        if t[k] == 1:
            real += 1
    if hits == 0:
        return 0, 0, 0
    return hits / said, hits / real, 2 / (said / hits + real / hits)

# %% iterations
def iterations(N, batch_size, epochs):
    total, left = 0, 0
    while epochs > 0:
        left = N
        while left > 0:
            left -= batch_size
            total += 1
        epochs -= 1
    return total

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    lowest, when = val_losses[0], 1
    for k in range(1, len(val_losses)):
        if val_losses[k] < lowest:
            lowest, when = val_losses[k], k + 1
    if when == len(val_losses):
        return None
    return when

# %% early-stopping
def early_stopping(val_losses, patience):
    epoch = best_epoch = 1
    without_luck = 0
    while epoch < len(val_losses) and without_luck < patience:
        epoch += 1
        if val_losses[epoch - 1] < val_losses[best_epoch - 1]:
            best_epoch = epoch
            without_luck = 0
        else:
            without_luck += 1
    return [epoch, best_epoch]
