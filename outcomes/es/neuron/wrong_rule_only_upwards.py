# %% [raw]
# kind: wrong
# why: adds the example at every mistake, whatever its class
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
            if perceptron(x_n, w, b) != t_n:
                w = w + x_n
                b = b + 1
    return w, b
