# %% [raw]
# kind: wrong
# why: every layer gets X instead of what the layer before answers
# rest: solved
# points: {feed-forward-test: 0}
# messages:
#   feed-forward-test: "mira qué recibe cada capa como entrada"

# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        y = layer(X, W, theta, f)
    return y
