# %% [raw]
# kind: wrong
# why: a step of another height, in a notebook whose marks and tests are tampered with
# points: {heaviside-test: 0}
# messages: {heaviside-test: "heaviside ha devuelto -1"}

# %% heaviside
def heaviside(n):
    return np.zeros(np.shape(n)) - 1
