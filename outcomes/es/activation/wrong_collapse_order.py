# %% [raw]
# kind: wrong
# why: multiplies the matrices in the wrong order, which only goes unnoticed with numbers
# rest: solved
# points: {collapse-test: 0}
# messages: {collapse-test: "Ojo al orden en que se multiplican las matrices"}

# %% collapse
def collapse(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2
