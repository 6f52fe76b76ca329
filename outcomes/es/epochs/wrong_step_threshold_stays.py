# %% [raw]
# kind: wrong
# why: corrects the weights and never the threshold, which stays at 0
# rest: solved
# points: {gradient-step-test: 0, train-test: 0, train-loop-test: 0}
# messages:
#   gradient-step-test: "el paso en w está bien, pero el de b no"
#   train-test: "que también se corrija b"
#   train-loop-test: "un paso de gradiente"

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    error = t - (X @ w + b)
    return w + learning_rate * 2 * (X.T @ error) / len(t), b
