# %% [raw]
# kind: wrong
# why: cuts the rows in the order in which they come
# rest: solved
# points: {batches-test: 0}
# messages: {batches-test: "falta barajar"}

# %% batches
def batches(X, t, batch_size, rng):
    for start in range(0, len(t), batch_size):
        yield X[start:start + batch_size], t[start:start + batch_size]
