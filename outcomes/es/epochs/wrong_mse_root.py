# %% [raw]
# kind: wrong
# why: takes the square root of the mean of the squares, here and in the errors that train notes
# rest: solved
# points: {mse-test: 0, train-loop-test: 0}
# messages:
#   mse-test: "no es la media de los cuadrados de todos los errores"
#   train-loop-test: "El último valor de `errors` es"

# %% mse
def mse(t, y):
    return np.sqrt(np.mean((np.ravel(t) - np.ravel(y)) ** 2))
