# %% [raw]
# kind: wrong
# why: means the absolute errors, not their squares, here and in the errors that train notes
# rest: solved
# points: {mse-test: 0, train-loop-test: 0}
# messages:
#   mse-test: "Revisa entre qué divides (K × N) y el cuadrado"
#   train-loop-test: "El último valor de `errors` es"

# %% mse
def mse(t, y):
    return np.abs(np.ravel(t) - np.ravel(y)).mean()
