# %% [raw]
# kind: wrong
# why: multiplies itself instead of asking a network
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages: {multiply-first-test: "nunca es exacta", multiply-test: "nunca es exacta", multiply-rho-test: "nunca es exacta"}

# %% multiply
def multiply(X):
    return np.exp(np.log(X).sum(axis=1))
