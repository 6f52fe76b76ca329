# %% [raw]
# kind: wrong
# why: takes 1 − ρ² for the unexplained part, which is blind for what is shifted or scaled outside of the range
# rest: solved
# points: {mse-in-range-test: 0}
# messages:
#   mse-in-range-test: "y no es el MSE dividido por la varianza de los productos verdaderos"

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1)
    y = np.ravel(multiply(X))
    return mse(t, y), 1 - rho(t, y) ** 2
