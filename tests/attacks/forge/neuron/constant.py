# %% [raw]
# kind: wrong
# why: always says what is right most often
# points: {heaviside-test: 0, perceptron-test: 0}
# messages: {perceptron-test: "mira el signo y el sesgo"}

# %% heaviside
def heaviside(n):
    return np.ones(np.shape(n))


# %% perceptron
def perceptron(x, w, b):
    return 1
