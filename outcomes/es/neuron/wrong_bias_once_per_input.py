# %% [raw]
# kind: wrong
# why: adds the bias inside the sum, once per input
# rest: solved
# points: {weighted-sum-test: 0}
# messages:
#   weighted-sum-test: "el sesgo se suma una vez por cada entrada"

# %% weighted-sum
def weighted_sum(x, w, b):
    return np.sum(x * w + b)

# %% perceptron
def perceptron(x, w, b):
    return 1 if np.dot(x, w) + b > 0 else 0
