# %% [raw]
# kind: wrong
# why: stops at the first example that it gets right
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "si repites épocas hasta que una pase sin fallos"
#   fit-perceptron-narrow-test: "mira cuándo deja de repetir épocas"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_epochs):
        for x_n, t_n in zip(X, t):
            y = perceptron(x_n, w, b)
            if y == t_n:
                return w, b
            w = w + (t_n - y) * x_n
            b = b + (t_n - y)
    return w, b
