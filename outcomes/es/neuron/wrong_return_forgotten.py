# %% [raw]
# kind: wrong
# why: prints the weighted sum instead of returning it
# rest: solved
# points: {weighted-sum-test: 0}
# messages:
#   weighted-sum-test: "¿falta el `return`?"

# %% weighted-sum
def weighted_sum(x, w, b):
    print(np.dot(x, w) + b)

# %% perceptron
def perceptron(x, w, b):
    return 1 if np.dot(x, w) + b > 0 else 0
