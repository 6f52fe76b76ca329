# %% [raw]
# kind: wrong
# why: weighted_sum leaves the bias out; perceptron, which calls it, falls with it
# rest: solved
# points: {weighted-sum-test: 0, perceptron-test: 0}
# messages:
#   weighted-sum-test: "Parece que falta el sesgo"
#   perceptron-test: "Tu `weighted_sum` (ejercicio 1) tampoco está bien todavía"

# %% weighted-sum
def weighted_sum(x, w, b):
    return np.dot(x, w)
