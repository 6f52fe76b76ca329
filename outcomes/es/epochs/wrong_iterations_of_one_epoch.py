# %% [raw]
# kind: wrong
# why: forgets to multiply by the epochs
# rest: solved
# points: {iterations-test: 0}
# messages: {iterations-test: "dices 21 iteraciones, y Keras haría más"}

# %% iterations
def iterations(N, batch_size, epochs):
    return -(-N // batch_size)
