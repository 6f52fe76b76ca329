# %% [raw]
# kind: wrong
# why: writes out the example with two inputs; perceptron, which calls it, falls with it
# rest: solved
# points: {weighted-sum-test: 0, perceptron-test: 0}
# messages:
#   weighted-sum-test: "si cuentan todas las entradas"
#   perceptron-test: "Tu `weighted_sum` (ejercicio 1) tampoco está bien todavía"

# %% weighted-sum
def weighted_sum(x, w, b):
    return x[0] * w[0] + x[1] * w[1] + b
