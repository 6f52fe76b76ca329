# %% [raw]
# kind: wrong
# why: the return of feed_forward is inside the loop
# rest: solved
# points: {feed-forward-test: 0}
# messages:
#   feed-forward-test: "qué devuelves al final"

# %% feed-forward
def feed_forward(X, layers):
    h = X
    for W, theta, f in layers:
        h = layer(h, W, theta, f)
        return h
