# %% [raw]
# kind: wrong
# why: delivers the layer and not a model
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "que ser un modelo de Keras"

# %% keras-neuron
keras_neuron = keras.layers.Dense(1, activation="tanh")
keras_neuron.build((None, 3))
keras_neuron.set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
