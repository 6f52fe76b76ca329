# %% [raw]
# kind: wrong
# why: adds the gradients of all rows without dividing by N, so that steps are too long and the training diverges
# rest: solved
# points: {gradient-step-test: 0, train-test: 0, train-loop-test: 0}
# messages:
#   gradient-step-test: "31 veces lo que toca"
#   train-test: "no son finitos"
#   train-loop-test: "un paso de gradiente"

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    return w + learning_rate * 2 * X.T @ error, b + learning_rate * 2 * error.sum()
