# %% [raw]
# kind: wrong
# why: the output neuron of XOR adds AND instead of vetoing with it
# rest: solved
# points: {xor-test: 0}
# messages:
#   xor-test: "qué hace con eso la de salida"

# %% xor
xor_hidden = [(np.array([1.0, 1.0]), -0.5), (np.array([1.0, 1.0]), -1.5)]
xor_output = (np.array([1.0, 1.0]), -0.5)
