# %% [raw]
# kind: wrong
# why: always names the cultivator with most wines
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "el objetivo de esta parte es el 80 %", predict-f1-test: "A ningún vino le toca el cultivador 1"}

# %% predict-cultivator
def predict_cultivator(df):
    return np.full(len(df), 2)
