# %% [raw]
# kind: wrong
# why: a linear neuron for one with tanh
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "falta la activación tanh"

# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
