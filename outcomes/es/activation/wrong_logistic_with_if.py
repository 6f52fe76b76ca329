# %% [raw]
# kind: wrong
# why: chooses the formula with an if, which works for one number but not for an array
# rest: solved
# points: {logistic-test: 0}
# messages: {logistic-test: "`logistic` se ha detenido con un error tuyo: ValueError"}

# %% logistic
def logistic(x):
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    else:
        return np.exp(x) / (1 + np.exp(x))


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))

# %% softplus
def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_derivative(x):
    return 1 / (1 + np.exp(-x))
