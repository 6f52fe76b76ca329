# %% [raw]
# kind: wrong
# why: a class with a predict method and the formula in it, where a Keras model is asked
# rest: solved
# points: {keras-neuron-test: 0}
# messages: {keras-neuron-test: "la respuesta no sale de una neurona de Keras"}

# %% keras-neuron
class keras_neuron:
    @staticmethod
    def predict(X, verbose=0):
        return np.tanh(np.asarray(X) @ plant_w + plant_b)
