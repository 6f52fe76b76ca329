# %% [raw]
# kind: wrong
# why: always adds a last batch, which is empty when the batch size divides the number of rows
# rest: solved
# points: {batches-test: 0, train-loop-test: 0}
# messages: {batches-test: "hay un lote vacío", train-loop-test: "no son finitos"}

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    for k in range(len(t) // batch_size + 1):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], t[rows]
