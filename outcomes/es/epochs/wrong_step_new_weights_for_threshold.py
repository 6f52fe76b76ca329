# %% [raw]
# kind: wrong
# why: corrects the threshold with the error of the weights that it has just changed
# rest: solved
# points: {gradient-step-test: 0, train-loop-test: 0}
# messages: {gradient-step-test: "calculado con los pesos antiguos", train-loop-test: "un paso de gradiente"}

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    w = w + learning_rate * 2 * X.T @ (t - X @ w - b) / len(t)
    b = b + learning_rate * 2 * np.mean(t - X @ w - b)
    return w, b
