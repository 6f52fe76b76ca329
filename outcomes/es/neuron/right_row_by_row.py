# %% [raw]
# kind: right
# why: calls the earlier functions for each neuron and example; recursion; a while loop that stops without a mistake
# rest: solved
# points: {}

# %% weighted-sum
def weighted_sum(x, w, b):
    if len(x) == 0:
        return b
    return x[0] * w[0] + weighted_sum(x[1:], w[1:], b)

# %% heaviside
def heaviside(n):
    if np.ndim(n) == 0:
        return 1 if n >= 0 else 0
    return np.array([heaviside(part) for part in n])

# %% gates
and_neuron = ([1, 2], -2.5)
or_neuron = ([1, 2], -0.5)

# %% xor
xor_hidden = [([1, 1], -0.5), ([1, 1], -0.6), ([1, 1], -1.5), ([-1, -1], 1.5)]
xor_output = ([1, 1, -2, 2], -2.5)

# %% layer
def layer(X, W, theta, f):
    H = np.empty((len(X), len(theta)))
    for n, x in enumerate(X):
        for j in range(len(theta)):
            H[n, j] = f(weighted_sum(x, W[:, j], theta[j]))
    return H

# %% feed-forward
def feed_forward(X, layers):
    layers = list(layers)
    h = X
    while layers:
        W, theta, f = layers.pop(0)
        h = layer(h, W, theta, f)
    return h

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = 0 * X[0], 0
    epoch, finished = 0, False
    while not finished and epoch < max_epochs:
        finished = True
        for i in range(len(t)):
            y = perceptron(X[i], w, b)
            if y == 0 and t[i] == 1:
                w, b, finished = w + X[i], b + 1, False
            elif y == 1 and t[i] == 0:
                w, b, finished = w - X[i], b - 1, False
        epoch += 1
    return [w, b]
