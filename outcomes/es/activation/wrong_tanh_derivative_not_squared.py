# %% [raw]
# kind: wrong
# why: 1 - tanh(x), without the square
# rest: solved
# points: {tanh-test: 0}
# messages: {tanh-test: "tanh_derivative se aparta"}

# %% tanh
def tanh(x):
    return np.tanh(x)


def tanh_derivative(x):
    return 1 - np.tanh(x)
