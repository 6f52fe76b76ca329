# %% [raw]
# kind: wrong
# why: AND and OR swapped
# rest: solved
# points: {gates-test: 0}
# messages:
#   gates-test: "Tu AND no acierta con las entradas (0, 1), (1, 0)"

# %% gates
and_neuron = (np.array([1.0, 1.0]), -0.5)
or_neuron = (np.array([1.0, 1.0]), -1.5)
