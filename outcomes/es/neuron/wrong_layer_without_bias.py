# %% [raw]
# kind: wrong
# why: layer leaves θ out
# rest: solved
# points: {layer-test: 0}
# messages:
#   layer-test: "Parece que faltan los sesgos"

# %% layer
def layer(X, W, theta, f):
    return f(X @ W)

# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        X = f(X @ W + theta)
    return X
