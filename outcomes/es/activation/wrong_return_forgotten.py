# %% [raw]
# kind: wrong
# why: the derivative is printed, not returned
# rest: solved
# points: {logistic-test: 0}
# messages: {logistic-test: "¿falta el `return`?"}

# %% logistic
def logistic(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def logistic_derivative(x):
    y = logistic(x)
    print(y * (1 - y))
