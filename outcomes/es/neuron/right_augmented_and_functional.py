# %% [raw]
# kind: right
# why: float32, (N, 1) answers, recursion, signed targets, the functional Keras API and unequal gate weights
# rest: solved
# points: {}

# %% weighted-sum
def weighted_sum(x, w, b):
    return np.float32((x * w).sum() + b)


# %% heaviside
def heaviside(n):
    return 1 - (np.asarray(n) < 0)


# %% perceptron
def perceptron(x, w, b):
    return 1 - heaviside(-weighted_sum(x, w, b))


# %% gates
and_neuron = (np.array([[10.0], [20.0]]), np.array([-25.0]))
or_neuron = (np.array([[10.0], [20.0]]), np.array([-5.0]))

# %% xor
xor_hidden = [(np.array([-1.0, -1.0]), 1.5), (np.array([1.0, 1.0]), -0.5)]  # NAND y OR
xor_output = (np.array([1.0, 1.0]), -1.5)


# %% layer
def layer(X, W, theta, f):
    return f(np.einsum("ni,ij->nj", X, W) + np.reshape(theta, (1, -1))).astype("float32")


# %% feed-forward
def feed_forward(X, layers):
    if len(layers) == 0:
        return X
    (W, theta, f), *rest = layers
    return feed_forward(f(np.dot(X, W) + theta), rest)


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=5000):
    signs = 2 * np.asarray(t) - 1
    w, b = np.zeros((X.shape[1], 1)), np.zeros(1)
    for epoch in range(max_epochs):
        finished = True
        for x, sign in zip(X, signs):
            if sign * (x @ w[:, 0] + b[0]) <= 0:
                w[:, 0] += 0.5 * sign * x
                b += 0.5 * sign
                finished = False
        if finished:
            break
    return w, b


# %% keras-neuron
inputs = keras.Input((3,))
keras_neuron = keras.Model(inputs, keras.layers.Activation("tanh")(keras.layers.Dense(1, name="n")(inputs)))
keras_neuron.get_layer("n").kernel.assign(plant_w[:, None])
keras_neuron.get_layer("n").bias.assign([plant_b])
