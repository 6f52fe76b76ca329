# %% [raw]
# kind: wrong
# why: compares the products alone with 0
# rest: solved
# points: {perceptron-test: 0}
# messages:
#   perceptron-test: "mira el signo y el sesgo"

# %% perceptron
def perceptron(x, w, b):
    return 1 if weighted_sum(x, w, 0) > 0 else 0
