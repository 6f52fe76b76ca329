# %% [raw]
# kind: wrong
# why: a single hidden neuron for XOR
# rest: solved
# points: {xor-test: 0}
# messages:
#   xor-test: "no acierta con las entradas (1, 1)"

# %% xor
xor_hidden = [(np.array([1.0, 1.0]), -0.5)]
xor_output = (np.array([1.0]), -0.5)
