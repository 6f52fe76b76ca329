# %% [raw]
# kind: wrong
# why: a sigmoid for tanh
# rest: solved
# points: {keras-neuron-test: 0}
# messages:
#   keras-neuron-test: "Parece que la activación es otra"

# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1, activation="sigmoid")])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
