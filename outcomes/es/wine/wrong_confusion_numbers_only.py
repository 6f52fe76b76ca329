# %% [raw]
# kind: wrong
# why: takes the class itself, minus 1, for its position, stops with classes that are text
# rest: solved
# points: {confusion-test: 0}
# messages: {confusion-test: "Con las clases ['hambre', 'dolor', 'sueño', 'mamá'] y 90 objetos: `confusion` se ha detenido"}

# %% confusion
def confusion(t, y, labels):
    C = np.zeros((len(labels), len(labels)), dtype=int)
    for true, predicted in zip(t, y):
        C[true - 1, predicted - 1] += 1
    return C
