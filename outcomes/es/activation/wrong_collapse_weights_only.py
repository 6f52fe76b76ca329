# %% [raw]
# kind: wrong
# why: returns W and forgets b
# rest: solved
# points: {collapse-test: 0}
# messages: {collapse-test: "tiene que devolver dos cosas, W y b"}

# %% collapse
def collapse(W1, b1, W2, b2):
    W = W1 @ W2
    b = b1 @ W2 + b2
    return W
