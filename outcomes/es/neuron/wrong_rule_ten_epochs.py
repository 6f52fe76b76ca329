# %% [raw]
# kind: wrong
# why: ten epochs; enough for well separated data, not for a narrow gap
# rest: solved
# points: {fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-narrow-test: "mira cuándo deja de repetir épocas"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(10):
        for x_n, t_n in zip(X, t):
            y = perceptron(x_n, w, b)
            w = w + (t_n - y) * x_n
            b = b + (t_n - y)
    return w, b
