# %% [raw]
# kind: wrong
# why: loses the 2 of the derivative of the square
# rest: solved
# points: {gradient-step-test: 0, train-loop-test: 0}
# messages: {gradient-step-test: "0.5 veces lo que toca", train-loop-test: "un paso de gradiente"}

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    return w + learning_rate * X.T @ error / len(t), b + learning_rate * error.mean()
