# %% [raw]
# kind: wrong
# why: rounds up once, as if an epoch began in the middle of a batch
# rest: solved
# points: {iterations-test: 0}
# messages: {iterations-test: "y eso pasa en cada época"}

# %% iterations
def iterations(N, batch_size, epochs):
    return int(np.ceil(N * epochs / batch_size))
