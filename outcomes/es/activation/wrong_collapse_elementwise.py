# %% [raw]
# kind: wrong
# why: multiplies the matrices number by number, with * for @
# rest: solved
# points: {collapse-test: 0}
# messages: {collapse-test: "La W que da collapse con 4 entradas"}

# %% collapse
def collapse(W1, b1, W2, b2):
    return W1 * W2, b1 @ W2 + b2
