# %% [raw]
# kind: wrong
# why: rounds the product, which is not exact then and no network either
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "no sale de una red entrenada"
#   multiply-test: "no sale de una red entrenada"
#   multiply-rho-test: "no sale de una red entrenada"

# %% multiply
def multiply(X):
    return np.round(np.prod(X, axis=1))
