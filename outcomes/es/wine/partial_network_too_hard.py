# %% [raw]
# kind: partial
# why: everything up to the network is right; the network and the function are not begun
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}

# %% network
raise NotImplementedError("Escribe aquí tu solución.")

# %% predict-cultivator
def predict_cultivator(df):
    raise NotImplementedError("Escribe aquí tu solución.")
