# %% [raw]
# kind: wrong
# why: Heaviside with > for ≥
# rest: solved
# points: {heaviside-test: 0}
# messages:
#   heaviside-test: "justo en n = 0"

# %% heaviside
def heaviside(n):
    return np.where(np.asarray(n) > 0, 1, 0)
