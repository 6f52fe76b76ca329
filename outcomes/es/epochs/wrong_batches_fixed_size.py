# %% [raw]
# kind: wrong
# why: the batch size of the example, 50, written into the function
# rest: solved
# points: {batches-test: 0, train-loop-test: 0}
# messages: {batches-test: "Todos tienen batch_size, menos el último", train-loop-test: "un paso de gradiente"}

# %% batches
def batches(X, t, batch_size, rng):
    order = rng.permutation(len(t))
    for start in range(0, len(t), 50):
        rows = order[start:start + 50]
        yield X[rows], t[rows]
