# %% [raw]
# kind: wrong
# why: starts with integer weights, which += cannot make decimal
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "el tipo de tus pesos al empezar"
#   fit-perceptron-narrow-test: "el tipo de tus pesos al empezar"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.array([0] * X.shape[1]), 0
    for _ in range(max_epochs):
        mistakes = 0
        for x_n, t_n in zip(X, t):
            change = t_n - perceptron(x_n, w, b)
            w += change * x_n
            b += change
            mistakes += abs(change)
        if mistakes == 0:
            break
    return w, b
