# %% [raw]
# kind: right
# why: everything in (N, 1) and (1, 1) shapes, the perceptron trained on column weights, a functional Keras model
# rest: solved
# points: {}

# %% weighted-sum
def weighted_sum(x, w, b):
    return x.reshape(1, -1) @ w.reshape(-1, 1) + b

# %% heaviside
def heaviside(n):
    n = np.array(n, dtype=float)
    y = np.zeros_like(n)
    y[n >= 0] = 1
    return y

# %% perceptron
def perceptron(x, w, b):
    return (weighted_sum(x, w, b) > 0).astype(int)

# %% gates
and_neuron = (np.array([[0.5], [0.5]]), np.array([[-0.75]]))
or_neuron = (np.array([[0.5], [0.5]]), np.array([[-0.25]]))

# %% xor
xor_hidden = [(np.array([[1], [1]]), [-0.5]), (np.array([[-1], [-1]]), [1.5])]
xor_output = (np.array([[1], [1]]), [-1.5])

# %% layer
def layer(X, W, theta, f):
    return f(W.T @ X.T + theta.reshape(-1, 1)).T  # todo traspuesto, y vuelta

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    t = np.reshape(t, (-1, 1))
    w, b = np.zeros((X.shape[1], 1)), np.zeros((1, 1))
    for _ in range(max_epochs):
        fallos = 0
        for i in range(len(X)):
            x = X[i:i + 1]
            e = t[i:i + 1] - (x @ w + b > 0)
            w = w + x.T @ e
            b = b + e
            fallos += int(abs(e).sum())
        if fallos == 0:
            return w, b
    return w, b

# %% keras-neuron
x_in = keras.layers.Input(shape=(3,))
y_out = keras.layers.Dense(units=1, activation="tanh")(x_in)
keras_neuron = keras.models.Model(inputs=x_in, outputs=y_out)
keras_neuron.set_weights([plant_w[:, np.newaxis], np.array([plant_b])])
