# %% [raw]
# kind: wrong
# why: adds up the squares and forgets to divide, here and in the errors that train notes
# rest: solved
# points: {mse-test: 0, train-loop-test: 0}
# messages:
#   mse-test: "no es la media de los cuadrados de todos los errores"
#   train-loop-test: "El último valor de `errors` es"

# %% mse
def mse(t, y):
    return np.sum((np.ravel(t) - np.ravel(y)) ** 2)
