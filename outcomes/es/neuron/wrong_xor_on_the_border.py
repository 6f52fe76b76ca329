# %% [raw]
# kind: wrong
# why: hidden neurons of an XOR that need ≥ where the perceptron has >
# rest: solved
# points: {xor-test: 0}
# messages:
#   xor-test: "ahí el perceptrón responde 0"

# %% xor
xor_hidden = [(np.array([1.0, 1.0]), -1.0), (np.array([1.0, 1.0]), -2.0)]
xor_output = (np.array([1.0, -1.0]), -1.0)
