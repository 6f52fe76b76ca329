# %% [raw]
# kind: wrong
# why: returns the new weights and keeps the new threshold for itself, so that train cannot use it
# rest: solved
# points: {gradient-step-test: 0, train-test: 0, train-loop-test: 0}
# messages:
#   gradient-step-test: "los pesos w y el umbral b"
#   train-test: "se ha detenido"
#   train-loop-test: "se ha detenido"

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    w = w + learning_rate * 2 * X.T @ error / len(t)
    b = b + learning_rate * 2 * error.mean()
    return w
