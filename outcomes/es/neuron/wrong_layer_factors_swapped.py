# %% [raw]
# kind: wrong
# why: W @ X for X @ W, whose shapes do not fit
# rest: solved
# points: {layer-test: 0}
# messages:
#   layer-test: "mira si las formas encajan"

# %% layer
def layer(X, W, theta, f):
    return f(W @ X + theta)

# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        X = f(X @ W + theta)
    return X
