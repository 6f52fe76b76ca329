# %% [raw]
# kind: wrong
# why: cuts the inputs at 500 so that nothing overflows, and with them the answers
# rest: solved
# points: {softplus-test: 0}
# messages: {softplus-test: "softplus se aparta 500"}

# %% softplus
def softplus(x):
    return np.log(1 + np.exp(np.clip(x, -500, 500)))


def softplus_derivative(x):
    return logistic(x)
