# %% [raw]
# kind: wrong
# why: (y − t) for (t − y); every correction goes the wrong way
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "Mira el signo de la corrección"
#   fit-perceptron-narrow-test: "el objetivo es 0"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(min(max_epochs, 200)):
        for x_n, t_n in zip(X, t):
            y = perceptron(x_n, w, b)
            w = w + (y - t_n) * x_n
            b = b + (y - t_n)
    return w, b
