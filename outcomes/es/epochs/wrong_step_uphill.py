# %% [raw]
# kind: wrong
# why: adds the gradient, so that every step goes uphill and no training converges
# rest: solved
# points: {gradient-step-test: 0, train-test: 0, train-loop-test: 0}
# messages:
#   gradient-step-test: "cuesta arriba"
#   train-test: "el objetivo es 0.01"
#   train-loop-test: "un paso de gradiente"

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    gradient_w = -2 / len(t) * X.T @ error
    gradient_b = -2 / len(t) * error.sum()
    return w + learning_rate * gradient_w, b + learning_rate * gradient_b
