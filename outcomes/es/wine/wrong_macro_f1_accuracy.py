# %% [raw]
# kind: wrong
# why: the share of right answers in the place of the macro F1
# rest: solved
# points: {macro-f1-test: 0}
# messages: {macro-f1-test: "has devuelto el porcentaje de aciertos"}

# %% macro-f1
def macro_f1(C):
    return np.trace(C) / np.sum(C)
