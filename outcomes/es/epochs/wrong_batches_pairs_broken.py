# %% [raw]
# kind: wrong
# why: shuffles inputs and targets apart, so that rows get the targets of others and nothing can be learnt
# rest: solved
# points: {batches-test: 0, train-test: 0, train-loop-test: 0}
# messages:
#   batches-test: "con el target de otra fila"
#   train-test: "el objetivo es 0.01"
#   train-loop-test: "un paso de gradiente"

# %% batches
def batches(X, t, batch_size, rng):
    X, t = rng.permutation(X), rng.permutation(t)
    return [(X[n:n + batch_size], t[n:n + batch_size]) for n in range(0, len(t), batch_size)]
