# %% [raw]
# kind: wrong
# why: a loop variable called layer hides the function
# rest: solved
# points: {feed-forward-test: 0}
# messages:
#   feed-forward-test: "ninguna variable tuya se llame como una función"

# %% feed-forward
def feed_forward(X, layers):
    h = X
    for layer in layers:
        W, theta, f = layer
        h = layer(h, W, theta, f)
    return h
