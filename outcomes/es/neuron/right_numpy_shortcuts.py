# %% [raw]
# kind: right
# why: one-liners; inner, heaviside, einsum, reduce; a Keras model whose initializers carry the weights
# rest: solved
# points: {}

# %% weighted-sum
weighted_sum = lambda x, w, b: np.inner(x, w) + b

# %% heaviside
def heaviside(n):
    return np.heaviside(n, 1).astype(int)

# %% perceptron
def perceptron(x, w, b):
    return np.heaviside(weighted_sum(x, w, b), 0)

# %% gates
and_neuron = np.array([1, 1]), -1.0  # (1, 1) suma 1; las demás, 0 o menos
or_neuron = np.array([1, 1]), np.float32(-0.9)

# %% xor
xor_hidden = ((np.array([1, -1]), -0.5), (np.array([-1, 1]), -0.5))  # «solo la primera» y «solo la segunda»
xor_output = (np.ones(2), -0.5)

# %% layer
def layer(X, W, theta, f):
    return f(np.tensordot(X, W, axes=1) + theta[np.newaxis])

# %% feed-forward
from functools import reduce


def feed_forward(X, layers):
    return reduce(lambda h, capa: layer(h, *capa), layers, X)

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), np.zeros(())
    for epoch in range(max_epochs):
        before = w.copy(), b.copy()
        for x_n, t_n in zip(X, t):
            delta = t_n - np.heaviside(x_n @ w + b, 0)
            w += delta * x_n
            b += delta
        if np.array_equal(before[0], w) and before[1] == b:
            break
    return w, b

# %% keras-neuron
keras_neuron = keras.Sequential([
    keras.Input(shape=(3,)),
    keras.layers.Dense(1, activation=keras.activations.tanh, kernel_initializer=lambda shape, dtype=None: plant_w.reshape(shape),
                       bias_initializer=keras.initializers.Constant(plant_b)),
])
