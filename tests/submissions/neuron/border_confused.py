# %% [raw]
# kind: wrong
# why: mixes up > and >= at 0, in the functions and in the weights of the gates and XOR
# rest: solved
# points: {heaviside-test: 0, perceptron-test: 0, gates-test: 0, xor-test: 0}
# messages:
#   heaviside-test: "justo en n = 0"
#   perceptron-test: "cuando la suma vale justo 0"
#   gates-test: "ahí el perceptrón responde 0"
#   xor-test: "ahí el perceptrón responde 0"

# %% heaviside
def heaviside(n):
    return np.where(np.asarray(n) > 0, 1, 0)


# %% perceptron
def perceptron(x, w, b):
    return 1 if weighted_sum(x, w, b) >= 0 else 0


# %% gates
and_neuron = (np.array([1.0, 1.0]), -2.0)
or_neuron = (np.array([1.0, 1.0]), -1.0)

# %% xor
xor_hidden = [(np.array([1.0, 1.0]), -1.0), (np.array([1.0, 1.0]), -2.0)]
xor_output = (np.array([1.0, -1.0]), -1.0)
