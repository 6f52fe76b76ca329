# %% [raw]
# kind: wrong
# why: layer does not apply f
# rest: solved
# points: {layer-test: 0}
# messages:
#   layer-test: "Parece que no aplicas f"

# %% layer
def layer(X, W, theta, f):
    return X @ W + theta

# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        X = f(X @ W + theta)
    return X
