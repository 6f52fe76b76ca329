# %% [raw]
# kind: wrong
# why: rounds down, the last batch of each epoch is not counted
# rest: solved
# points: {iterations-test: 0}
# messages: {iterations-test: "dices 140 iteraciones, y Keras haría más"}

# %% iterations
def iterations(N, batch_size, epochs):
    return N // batch_size * epochs
