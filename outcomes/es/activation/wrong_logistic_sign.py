# %% [raw]
# kind: wrong
# why: the exponent has lost its sign, the function falls where it should rise; softplus_derivative calls it
# rest: solved
# points: {logistic-test: 0, softplus-test: 0}
# messages: {logistic-test: "signo del exponente incluido", softplus-test: "softplus_derivative se aparta hasta 1"}

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(x))


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))
