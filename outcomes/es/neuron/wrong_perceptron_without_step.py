# %% [raw]
# kind: wrong
# why: the perceptron returns the weighted sum itself
# rest: solved
# points: {perceptron-test: 0}
# messages:
#   perceptron-test: "solo puede dar 0 o 1"

# %% perceptron
def perceptron(x, w, b):
    return weighted_sum(x, w, b)
