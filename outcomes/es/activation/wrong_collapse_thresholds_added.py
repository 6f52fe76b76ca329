# %% [raw]
# kind: wrong
# why: adds the thresholds as they are, the first does not go through the second layer
# rest: solved
# points: {collapse-test: 0}
# messages: {collapse-test: "Sigue el camino de b1 por la segunda capa"}

# %% collapse
def collapse(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2
