# %% [raw]
# kind: wrong
# why: multiplies weights and inputs but does not add the products up
# rest: solved
# points: {weighted-sum-test: 0}
# messages:
#   weighted-sum-test: "se esperaba un número"

# %% weighted-sum
def weighted_sum(x, w, b):
    return x * w + b

# %% perceptron
def perceptron(x, w, b):
    return 1 if np.dot(x, w) + b > 0 else 0
