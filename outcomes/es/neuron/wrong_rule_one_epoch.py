# %% [raw]
# kind: wrong
# why: goes through the examples only once
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "si repites épocas hasta que una pase sin fallos"
#   fit-perceptron-narrow-test: "mira cuándo deja de repetir épocas"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for x_n, t_n in zip(X, t):
        change = t_n - perceptron(x_n, w, b)
        w, b = w + change * x_n, b + change
    return w, b
