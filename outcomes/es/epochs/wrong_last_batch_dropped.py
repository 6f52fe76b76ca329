# %% [raw]
# kind: wrong
# why: only full batches; the rows left over at the end of an epoch are thrown away
# rest: solved
# points: {batches-test: 0}
# messages: {batches-test: "sin tirar el último lote"}

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    for k in range(len(t) // batch_size):
        rows = order[k * batch_size:(k + 1) * batch_size]
        yield X[rows], t[rows]
