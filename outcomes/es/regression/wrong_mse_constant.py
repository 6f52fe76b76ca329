# %% [raw]
# kind: wrong
# why: the measurement of the exercise's own example, typed in, whatever is asked
# rest: solved
# points: {mse-in-range-test: 0}
# messages: {mse-in-range-test: "y no es el de tu `multiply`"}

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    return 1800.0, 0.0023
