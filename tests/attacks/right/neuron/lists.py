# %% [raw]
# kind: right
# why: answers with lists and tuples

# %% heaviside
def heaviside(n):
    return np.where(np.asarray(n) >= 0, 1, 0).tolist()


# %% layer
def layer(X, W, theta, f):
    return [[float(v) for v in row] for row in f(np.asarray(X) @ W + theta)]


# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    """Entrena un perceptrón con la regla de Rosenblatt; devuelve w, de forma (n_in,), y b."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_epochs):
        mistakes = 0
        for x_n, t_n in zip(X, t):
            change = t_n - (1 if np.dot(x_n, w) + b > 0 else 0)
            if change != 0:
                w, b = w + change * x_n, b + change
                mistakes += 1
        if mistakes == 0:
            break
    return [w.tolist(), [[float(b)]]]


# %% gates
and_neuron = [[1, 1], [-1.5]]
or_neuron = ((1.0, 1), np.float32(-0.5))
