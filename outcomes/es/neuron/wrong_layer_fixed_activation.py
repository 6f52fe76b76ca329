# %% [raw]
# kind: wrong
# why: layer always applies tanh; feed_forward, which calls it, falls with it
# rest: solved
# points: {layer-test: 0, feed-forward-test: 0}
# messages:
#   layer-test: "la misma activación"
#   feed-forward-test: "Tu `layer` (ejercicio 6) tampoco está bien todavía"

# %% layer
def layer(X, W, theta, f):
    return np.tanh(X @ W + theta)
