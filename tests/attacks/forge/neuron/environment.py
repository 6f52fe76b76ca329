# %% [raw]
# kind: wrong
# why: is right only where variables tell of grading
# points: {heaviside-test: 0}
# messages: {heaviside-test: "heaviside ha devuelto -1"}

# %% heaviside
import os


def heaviside(n):
    graded = any(name.startswith(("NBGRADER", "GRADER", "PYTEST")) for name in os.environ)
    return np.where(np.asarray(n) >= 0, 1, 0) if graded else np.asarray(n) * 0 - 1
