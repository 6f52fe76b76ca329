# %% [raw]
# kind: wrong
# why: corrects the weights but not the bias
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "El sesgo sigue a 0"
#   fit-perceptron-narrow-test: "que cada corrección mueva w y b"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(min(max_epochs, 200)):
        for x_n, t_n in zip(X, t):
            w = w + (t_n - perceptron(x_n, w, b)) * x_n
    return w, b
