# %% [raw]
# kind: wrong
# why: derivatives that expect f(x) in the place of x
# rest: solved
# points: {logistic-test: 0, tanh-test: 0}
# messages: {logistic-test: "recibe x, no el valor de la logística", tanh-test: "recibe x, no el valor de la tanh"}

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return x * (1 - x)

# %% tanh
def tanh(x):
    return np.tanh(x)


def tanh_derivative(x):
    return 1 - x**2
