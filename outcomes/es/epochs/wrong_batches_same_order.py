# %% [raw]
# kind: wrong
# why: makes a generator of its own in each call, so that all epochs have the same order
# rest: solved
# points: {batches-test: 0}
# messages: {batches-test: "Con otro rng sale el mismo orden"}

# %% batches
def batches(X, t, batch_size, rng):
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(t))
    for start in range(0, len(t), batch_size):
        rows = order[start:start + batch_size]
        yield X[rows], t[rows]
