# %% [raw]
# kind: wrong
# why: derivatives that expect f(x) instead of x, one number for a whole array, the slope of another function
# rest: solved
# points: {logistic-test: 0, tanh-test: 0, relu-test: 0, softplus-test: 0}
# messages:
#   logistic-test: "recibe x, no el valor de la logística"
#   tanh-test: "recibe x, no el valor de la tanh"
#   relu-test: "`linear_derivative(x)`"
#   softplus-test: "softplus_derivative se aparta"

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


# %% relu
def relu(x):
    return np.maximum(0, x)


def relu_derivative(x):
    return np.where(x > 0, 1, 0)


def linear(x):
    return x


def linear_derivative(x):
    return 1


# %% softplus
def softplus(x):
    return np.logaddexp(0, x)


def softplus_derivative(x):
    return np.where(x > 0, 1.0, 0.0)
