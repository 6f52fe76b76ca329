# %% [raw]
# kind: wrong
# why: always names the cultivator with most wines
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "casi como quien contesta sin mirar", predict-f1-test: "F1 macro"}

# %% predict-cultivator
def predict_cultivator(df):
    return np.full(len(df), 2)
