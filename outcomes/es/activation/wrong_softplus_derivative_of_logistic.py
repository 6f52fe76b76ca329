# %% [raw]
# kind: wrong
# why: one derivative too many, the slope of the logistic function for that of softplus
# rest: solved
# points: {softplus-test: 0}
# messages: {softplus-test: "softplus_derivative se aparta hasta 1"}

# %% softplus
def softplus(x):
    return np.logaddexp(0, x)


def softplus_derivative(x):
    return logistic_derivative(x)
