# %% [raw]
# kind: right
# why: plain Python loops and lists, three hidden neurons for XOR, bias folded into the weights, shuffled epochs
# rest: solved
# points: {}

# %% weighted-sum
def weighted_sum(x, w, b):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    return total


# %% heaviside
def heaviside(n):
    return (np.sign(n) >= 0).astype("float32")


# %% perceptron
def perceptron(x, w, b):
    return weighted_sum(x, w, b) > 0


# %% gates
and_neuron = [[0.3, 0.7], -0.8]
or_neuron = ([2, 5], 0)  # (0, 0) da justo 0, que con > es un 0

# %% xor
xor_hidden = [([1, -1], 0), ([-1, 1], 0), ([5, 5], 1)]
xor_output = ([1, 1, 0], -0.5)


# %% layer
def layer(X, W, theta, f):
    rows = []
    for x in X:
        rows.append([float(f(sum(x[i] * W[i][j] for i in range(len(x))) + theta[j])) for j in range(len(theta))])
    return rows


# %% feed-forward
def feed_forward(X, layers):
    for W, theta, f in layers:
        X = layer(X, W, theta, f)
    return X


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=2000):
    rng = np.random.default_rng()
    X1 = np.column_stack([np.ones(len(X)), X])
    v = rng.normal(size=X1.shape[1])
    for _ in range(max_epochs):
        wrong = 0
        for n in rng.permutation(len(t)):
            y = int(X1[n] @ v > 0)
            v = v + 0.1 * (t[n] - y) * X1[n]
            wrong += y != t[n]
        if not wrong:
            break
    return list(v[1:]), [v[0]]
