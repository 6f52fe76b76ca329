# %% [raw]
# kind: wrong
# why: interpolates in the table, no network at all
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "no sale de una red entrenada", approximate-test: "le pregunte a ella con predict"}

# %% approximate
def approximate(h):
    return np.interp(h, hours, np.convolve(np.pad(temperature, 2, "edge"), [0.1, 0.2, 0.4, 0.2, 0.1], "valid"))
