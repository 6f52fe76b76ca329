# %% [raw]
# kind: wrong
# why: shuffles with NumPy's global generator, not with the one it is given
# rest: solved
# points: {batches-test: 0, train-loop-test: 0}
# messages: {batches-test: "saca el azar de `rng`", train-loop-test: "saca todo el azar de `rng`"}

# %% batches
def batches(X, t, batch_size, rng):
    order = np.random.permutation(len(t))
    for start in range(0, len(t), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], t[rows]
