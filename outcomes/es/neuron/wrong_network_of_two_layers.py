# %% [raw]
# kind: wrong
# why: feed_forward skips what lies between the first and the last layer
# rest: solved
# points: {feed-forward-test: 0}
# messages:
#   feed-forward-test: "en una red de 3 → 5 → 5 → 1 neuronas"

# %% feed-forward
def feed_forward(X, layers):
    h = layer(X, *layers[0])
    if len(layers) > 1:
        h = layer(h, *layers[-1])
    return h
