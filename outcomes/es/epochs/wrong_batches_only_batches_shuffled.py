# %% [raw]
# kind: wrong
# why: cuts first and shuffles the batches, each remains a piece of neighbouring rows
# rest: solved
# points: {batches-test: 0}
# messages: {batches-test: "Barajas los lotes, pero no las filas"}

# %% batches
def batches(X, t, batch_size, rng):
    pieces = [slice(start, start + batch_size) for start in range(0, len(t), batch_size)]
    # El último lote, que puede ser más pequeño, se queda al final.
    for k in [*rng.permutation(len(pieces) - 1), -1]:
        yield X[pieces[k]], t[pieces[k]]
