# %% [raw]
# kind: wrong
# why: a thousand epochs at most, whatever max_epochs says
# rest: solved
# points: {fit-perceptron-narrow-test: 0}
# messages: {fit-perceptron-narrow-test: "Con max_epochs=1"}

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(1000):
        mistakes = 0
        for x_n, t_n in zip(X, t):
            change = t_n - (1 if x_n @ w + b > 0 else 0)
            if change:
                w, b = w + change * x_n, b + change
                mistakes += 1
        if mistakes == 0:
            break
    return w, b
