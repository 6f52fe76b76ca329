# %% [raw]
# kind: wrong
# why: right on the easy case only; fixed activation, two layers at most, ten epochs, no activation, single neuron for XOR
# rest: solved
# points:
#   heaviside-test: 0
#   xor-test: 0
#   layer-test: 0
#   feed-forward-test: 0
#   fit-perceptron-narrow-test: 0
#   keras-neuron-test: 0
# messages:
#   heaviside-test: "ValueError"
#   xor-test: "no acierta con las entradas"
#   layer-test: "la misma activación"
#   feed-forward-test: "3 → 5 → 5 → 1"
#   fit-perceptron-narrow-test: "cuándo deja de repetir épocas"
#   keras-neuron-test: "falta la activación tanh"

# %% heaviside
def heaviside(n):
    if n >= 0:
        return 1
    return 0


# %% xor
xor_hidden = [(np.array([1.0, 1.0]), -0.5)]
xor_output = (np.array([1.0]), -0.5)


# %% layer
def layer(X, W, theta, f):
    return np.tanh(X @ W + theta)


# %% feed-forward
def feed_forward(X, layers):
    W, theta, f = layers[0]
    h = f(X @ W + theta)
    if len(layers) > 1:
        W, theta, f = layers[-1]
        h = f(h @ W + theta)
    return h


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=10):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_epochs):
        for x_n, t_n in zip(X, t):
            y = perceptron(x_n, w, b)
            w = w + (t_n - y) * x_n
            b = b + (t_n - y)
    return w, b


# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
