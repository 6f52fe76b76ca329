# %% [raw]
# kind: wrong
# why: trains with standardised wines, predicts with raw ones
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "¿Se estandarizan los vinos igual al entrenar y al predecir?", predict-f1-test: "el objetivo es 0.92"}

# %% predict-cultivator
def predict_cultivator(df):
    return network.predict(df[FEATURES].to_numpy(), verbose=0).argmax(axis=1) + 1
