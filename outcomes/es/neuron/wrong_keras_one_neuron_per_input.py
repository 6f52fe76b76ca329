# %% [raw]
# kind: wrong
# why: three neurons, one per input, for one neuron
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "una sola neurona"

# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(3, activation="tanh")])
keras_neuron.layers[0].set_weights([np.diag(plant_w), np.full(3, plant_b)])
