# %% [raw]
# kind: wrong
# why: gives the threshold, with the sign of the bias turned round
# rest: solved
# points: {gates-test: 0}
# messages:
#   gates-test: "mira de qué lado de tu recta caen"

# %% gates
and_neuron = (np.array([1.0, 1.0]), 1.5)
or_neuron = (np.array([1.0, 1.0]), 0.5)
