# %% [raw]
# kind: right
# why: long double, Fraction and one-element answers, pairs as generators, in a notebook that turns warnings into errors, prints two decimals and works in another folder
# rest: solved

# %% weighted-sum
def weighted_sum(x, w, b):
    return np.longdouble(b) + sum(x_i * w_i for x_i, w_i in zip(x, w))

# %% heaviside
def heaviside(n):
    return np.sign(np.sign(np.float32(n)) + 1) * np.longdouble(1)

# %% perceptron
from fractions import Fraction


def perceptron(x, w, b):
    return Fraction(int(weighted_sum(x, w, b) > 0))

# %% gates
and_neuron = np.array([np.array([2.0, 2.0]), -3], dtype=object)
or_neuron = [[2, 2], Fraction(-1, 2)]

# %% xor
xor_hidden = np.array([np.array([np.array([2.0, 2.0]), -1], dtype=object), np.array([np.array([2.0, 2.0]), -3], dtype=object)])
xor_output = ((1, -2), [-0.5])

# %% layer
def layer(X, W, theta, f):
    return f(np.divide(X @ W + theta, 1.0)).astype(np.longdouble)

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    epoch = mistakes = 1
    while mistakes and epoch <= max_epochs:
        mistakes, epoch = 0, epoch + 1
        for n in range(len(t)):
            change = t[n] - (w @ X[n] + b > 0)
            w, b, mistakes = w + 0.1 * change * X[n], b + 0.1 * change, mistakes + abs(change)
    yield w.astype(np.longdouble)
    yield [b]

# %% keras-neuron
import os
import warnings

neuron_input = keras.Input((3,))
keras_neuron = keras.Model(neuron_input, keras.layers.Dense(1, activation="tanh")(neuron_input))
keras_neuron.set_weights([plant_w[:, None], np.array([plant_b])])
np.seterr(all="raise")
warnings.simplefilter("error")
np.set_printoptions(precision=2, threshold=5, suppress=True)
get_ipython().run_line_magic("precision", "2")
os.chdir("..")
