# %% [raw]
# kind: wrong
# why: an OR that needs ≥ where the perceptron has >
# rest: solved
# points: {gates-test: 0}
# messages:
#   gates-test: "ahí el perceptrón responde 0"

# %% gates
and_neuron = (np.array([1.0, 1.0]), -1.5)
or_neuron = (np.array([1.0, 1.0]), -1.0)
