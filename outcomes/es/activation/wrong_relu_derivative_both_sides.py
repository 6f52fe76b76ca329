# %% [raw]
# kind: wrong
# why: the slope is -1 to the left of zero, that of the absolute value
# rest: solved
# points: {relu-test: 0}
# messages: {relu-test: "a la izquierda y a la derecha del cero"}

# %% relu
def relu(x):
    return np.maximum(0, x)


def relu_derivative(x):
    return np.sign(x)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones_like(x)
