# %% [raw]
# kind: wrong
# why: W transposed in layer; feed_forward, which calls it, falls with it
# rest: solved
# points: {layer-test: 0, feed-forward-test: 0}
# messages:
#   layer-test: "Parece que W está traspuesta"
#   feed-forward-test: "Tu `layer` (ejercicio 6) tampoco está bien todavía"

# %% layer
def layer(X, W, theta, f):
    return f(X @ W.T + theta)
