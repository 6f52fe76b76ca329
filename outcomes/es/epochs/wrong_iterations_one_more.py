# %% [raw]
# kind: wrong
# why: adds a batch also when nothing is left over
# rest: solved
# points: {iterations-test: 0}
# messages: {iterations-test: "dices 63 iteraciones, y Keras haría menos"}

# %% iterations
def iterations(N, batch_size, epochs):
    return (N // batch_size + 1) * epochs
