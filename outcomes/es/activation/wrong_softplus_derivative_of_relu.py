# %% [raw]
# kind: wrong
# why: the slope of the ReLU for that of its smooth sister
# rest: solved
# points: {softplus-test: 0}
# messages: {softplus-test: "softplus_derivative se aparta hasta 0.5"}

# %% softplus
def softplus(x):
    return np.logaddexp(0, x)


def softplus_derivative(x):
    return np.where(x > 0, 1.0, 0.0)
