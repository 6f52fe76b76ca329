# %% [raw]
# kind: wrong
# why: adds θ after applying f
# rest: solved
# points: {layer-test: 0}
# messages:
#   layer-test: "sumas θ después de aplicar f"

# %% layer
def layer(X, W, theta, f):
    return f(X @ W) + theta

# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        X = f(X @ W + theta)
    return X
