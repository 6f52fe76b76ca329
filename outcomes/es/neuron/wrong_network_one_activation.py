# %% [raw]
# kind: wrong
# why: applies the activation of the first layer in all layers
# rest: solved
# points: {feed-forward-test: 0}
# messages:
#   feed-forward-test: "si cada una aplica su propia f"

# %% feed-forward
def feed_forward(X, layers):
    h = X
    f = layers[0][2]
    for W, theta, _ in layers:
        h = layer(h, W, theta, f)
    return h
