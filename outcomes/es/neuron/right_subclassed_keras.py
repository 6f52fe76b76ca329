# %% [raw]
# kind: right
# why: a subclassed Keras model, classes for the network, batch corrections instead of one by one
# rest: solved
# points: {}

# %% perceptron
def perceptron(x, w, b):
    n = weighted_sum(x, w, b)
    if n == 0:
        return 0
    return int(heaviside(n))

# %% layer
class Layer:
    def __init__(self, W, theta, f):
        self.W, self.theta, self.f = W, theta, f

    def __call__(self, X):
        return self.f(np.matmul(X, self.W) + self.theta)


def layer(X, W, theta, f):
    return Layer(W, theta, f)(X)

# %% feed-forward
def feed_forward(X, layers):
    outputs = [X]
    for one in layers:
        outputs.append(Layer(*one)(outputs[-1]))
    return outputs[-1]

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    # Corrige con todos los fallos de la época a la vez.
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_epochs):
        error = t - (X @ w + b > 0)
        if not np.any(error):
            break
        w = w + error @ X
        b = b + error.sum()
    return w, b

# %% keras-neuron
class Riego(keras.Model):
    def __init__(self):
        super().__init__()
        self.neurona = keras.layers.Dense(1)

    def call(self, x):
        return keras.ops.tanh(self.neurona(x))


keras_neuron = Riego()
keras_neuron(np.zeros((1, 3)))  # así se crean los pesos
keras_neuron.neurona.set_weights([plant_w.reshape(-1, 1), np.array([plant_b])])
