# %% [raw]
# kind: right
# why: float32 throughout, small learning rate, random first weights, tanh as a layer of its own
# rest: solved
# points: {}

# %% weighted-sum
def weighted_sum(x, w, b):
    x, w = np.asarray(x, dtype="float32"), np.asarray(w, dtype="float32")
    return np.sum(np.multiply(x, w)) + np.float32(b)

# %% heaviside
def heaviside(n):
    return np.float32(np.asarray(n) >= 0)

# %% perceptron
def perceptron(x, w, b):
    return np.float32(np.asarray(x) @ np.asarray(w) + b > 0)

# %% layer
def layer(X, W, theta, f):
    X, W, theta = (np.asarray(a, dtype=np.float32) for a in (X, W, theta))
    return f(X @ W + theta)

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    X = np.asarray(X, dtype="float32")
    eta = 0.1
    rng = np.random.default_rng(SEED)
    w, b = rng.normal(size=X.shape[1]).astype("float32"), np.float32(0)
    for epoch in range(max_epochs):
        errors = 0
        for x_n, t_n in zip(X, t):
            y = 1 if x_n @ w + b > 0 else 0
            if y != t_n:
                w = w + np.float32(eta * (t_n - y)) * x_n
                b = b + np.float32(eta * (t_n - y))
                errors += 1
        if errors == 0:
            break
    return w, b

# %% keras-neuron
keras_neuron = keras.Sequential()
keras_neuron.add(keras.Input((3,)))
keras_neuron.add(keras.layers.Dense(1))
keras_neuron.add(keras.layers.Activation("tanh"))
keras_neuron.layers[0].set_weights([plant_w.reshape((3, 1)).astype("float32"), np.float32([plant_b])])
