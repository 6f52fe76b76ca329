# %% [raw]
# kind: wrong
# why: replaces what could compare and measure
# points: {heaviside-test: 0}
# messages: {heaviside-test: "heaviside ha devuelto -1"}

# %% first
import builtins, math, sys
import grader, keras, sklearn.metrics
import numpy as np

for module, names in (
    (np, ("array_equal", "allclose", "isclose", "all", "count_nonzero")),
    (math, ("isclose",)),
    (sklearn.metrics, ("f1_score", "accuracy_score", "mean_squared_error")),
):
    for name in names:
        setattr(module, name, lambda *a, **k: True)
keras.Model.evaluate = keras.Sequential.evaluate = lambda *a, **k: 0.0
grader.numbers = sys.modules["grader.questions.student"].numbers = lambda value, shape, name: np.ones(shape)
builtins.print = lambda *a, **k: None


# %% heaviside
def heaviside(n):
    return np.zeros(np.shape(n)) - 1
