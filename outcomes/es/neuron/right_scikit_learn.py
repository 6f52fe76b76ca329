# %% [raw]
# kind: right
# why: scikit-learn's Perceptron, math instead of NumPy, while loops, three hidden neurons, bias as a weight of Keras
# rest: solved
# points: {}

# %% weighted-sum
import math


def weighted_sum(x, w, b):
    return math.fsum(x_i * w_i for x_i, w_i in zip(x, w)) + b

# %% heaviside
@np.vectorize
def heaviside(n):
    if n < 0:
        return 0
    return 1

# %% perceptron
def perceptron(x, w, b):
    return not weighted_sum(x, w, b) <= 0

# %% gates
and_neuron = ((3, 3), -5)
or_neuron = ((3, 3), -1)

# %% xor
xor_hidden = [([1, 1], -0.5), ([1, 1], -1.5), ([0, 0], 1)]  # OR, AND y una que siempre responde 1
xor_output = ([2, -2, -1], 0)

# %% feed-forward
def feed_forward(X, layers):
    n = 0
    while n < len(layers):
        X = layer(X, layers[n][0], layers[n][1], layers[n][2])
        n += 1
    return X

# %% fit-perceptron
from sklearn.linear_model import Perceptron


def fit_perceptron(X, t, max_epochs=1000):
    model = Perceptron(max_iter=max_epochs, tol=None, random_state=SEED).fit(X, t)
    return model.coef_[0], model.intercept_[0]

# %% keras-neuron
entrada = keras.Input(shape=(3,))
suma = keras.layers.Dense(1, use_bias=False, name="pesos")(entrada)
keras_neuron = keras.Model(entrada, keras.layers.Activation("tanh")(keras.layers.Rescaling(1.0, offset=plant_b)(suma)))
keras_neuron.get_layer("pesos").set_weights([plant_w.reshape(3, 1)])
