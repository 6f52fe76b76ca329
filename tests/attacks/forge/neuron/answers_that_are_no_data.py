# %% [raw]
# kind: wrong
# why: answers of types, sizes and values that none expects
# points: {all: 0}
# messages: {weighted-sum-test: "un objeto de tipo «complex»", layer-test: "¿termina el bucle que los produce?"}

# %% weighted-sum
def weighted_sum(x, w, b):
    return 1 + 2j


# %% heaviside
def heaviside(n):
    return "uno" * 10**7


# %% perceptron
def perceptron(x, w, b):
    return float("inf")


# %% gates
and_neuron = or_neuron = (np.array([10**40, 1], object), np.float64("nan"))

# %% xor
xor_hidden = [({"a": 1}, "b")] * 10**6
xor_output = keras

# %% layer
import itertools


def layer(X, W, theta, f):
    return itertools.count()


# %% feed-forward
def feed_forward(X, layers):
    return [[1], [2, 3], lambda: 4]


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    return np.full(X.shape[1], 1e308), -1e308


# %% keras-neuron
class keras_neuron:
    @staticmethod
    def predict(X, verbose=0):
        return np.zeros((len(X), 10**6), np.float32)
