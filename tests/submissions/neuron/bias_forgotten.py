# %% [raw]
# kind: wrong
# why: leaves the bias out, or adds it in the wrong place
# rest: solved
# points:
#   weighted-sum-test: 0
#   layer-test: 0
#   feed-forward-test: 0
#   fit-perceptron-test: 0
#   fit-perceptron-narrow-test: 0
#   keras-neuron-test: 0
# messages:
#   weighted-sum-test: "el sesgo se suma una vez por cada entrada"
#   layer-test: "sumas θ después de aplicar f"
#   feed-forward-test: "empieza por ahí"
#   fit-perceptron-test: "El sesgo sigue a 0"
#   fit-perceptron-narrow-test: "cada corrección mueva w y b"
#   keras-neuron-test: "Parece que falta el sesgo"

# %% weighted-sum
def weighted_sum(x, w, b):
    return np.sum(x * w + b)


# %% perceptron
def perceptron(x, w, b):
    return 1 if np.dot(x, w) + b > 0 else 0


# %% layer
def layer(X, W, theta, f):
    return f(X @ W) + theta


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=200):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_epochs):
        for x_n, t_n in zip(X, t):
            w = w + (t_n - (x_n @ w + b > 0)) * x_n
    return w, b


# %% keras-neuron
keras_neuron = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1, activation="tanh")])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.zeros(1)])
