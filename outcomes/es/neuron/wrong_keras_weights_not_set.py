# %% [raw]
# kind: wrong
# why: passes the weights without reshape, so that Keras refuses them and the random ones stay
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "el objetivo es 0.001"

# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1, activation="tanh")])
keras_neuron.layers[0].set_weights([plant_w, np.array([plant_b])])
