# %% [raw]
# kind: wrong
# why: puts the weights in, and a bias of 0
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "Parece que falta el sesgo"

# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1, activation="tanh")])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.zeros(1)])
