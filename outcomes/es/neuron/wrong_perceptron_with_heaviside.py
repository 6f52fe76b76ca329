# %% [raw]
# kind: wrong
# why: ≥ for > in the perceptron; passes the sum through heaviside
# rest: solved
# points: {perceptron-test: 0}
# messages:
#   perceptron-test: "cuando la suma vale justo 0"

# %% perceptron
def perceptron(x, w, b):
    return heaviside(weighted_sum(x, w, b))
