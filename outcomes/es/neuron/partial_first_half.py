# %% [raw]
# kind: partial
# why: handed in after the first session, with one neuron and the gates, the rest untouched
# rest: untouched
# points: {weighted-sum-test: 1, heaviside-test: 1, perceptron-test: 1, gates-test: 1}
# messages:
#   layer-test: "sin hacer todavía"
#   xor-test: "No encuentro `xor_hidden`"

# %% weighted-sum
def weighted_sum(x, w, b):
    return w @ x + b


# %% heaviside
def heaviside(n):
    return np.heaviside(n, 1)


# %% perceptron
def perceptron(x, w, b):
    return int(weighted_sum(x, w, b) > 0)


# %% gates
and_neuron = ([2, 2], -3)
or_neuron = ([2, 2], -1)
