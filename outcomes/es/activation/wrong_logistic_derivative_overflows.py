# %% [raw]
# kind: wrong
# why: the function survives the overflow, the quotient derived by hand does not
# rest: solved
# points: {logistic-test: 0}
# messages: {logistic-test: "`logistic_derivative(x), con x entre -1000 y 1000` contiene 2 valores que no son finitos"}

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2
