# %% [raw]
# kind: wrong
# why: draws each batch anew from all rows, some come twice in an epoch and others never
# rest: solved
# points: {batches-test: 0, train-loop-test: 0}
# messages: {batches-test: "sin elegir con repetición", train-loop-test: "un paso de gradiente"}

# %% batches
def batches(X, t, batch_size, rng):
    for start in range(0, len(t), batch_size):
        rows = rng.integers(0, len(t), min(batch_size, len(t) - start))
        yield X[rows], t[rows]
