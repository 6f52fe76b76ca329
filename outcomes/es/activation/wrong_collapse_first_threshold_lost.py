# %% [raw]
# kind: wrong
# why: only the second threshold arrives
# rest: solved
# points: {collapse-test: 0}
# messages: {collapse-test: "Sigue el camino de b1 por la segunda capa"}

# %% collapse
def collapse(W1, b1, W2, b2):
    return W1 @ W2, b2
