# %% [raw]
# kind: partial
# why: only the functions with hints that are nearly code, the rest untouched
# rest: untouched
# points: {weighted-sum-test: 1, layer-test: 1, feed-forward-test: 1}
# messages:
#   perceptron-test: "sin hacer todavía"
#   gates-test: "No encuentro `and_neuron`"

# %% weighted-sum
def weighted_sum(x, w, b):
    return sum(x * w) + b

# %% layer
def layer(X, W, theta, f):
    return f(np.dot(X, W) + theta)

# %% feed-forward
def feed_forward(X, layers):
    for l in layers:
        X = layer(X, l[0], l[1], l[2])
    return X
