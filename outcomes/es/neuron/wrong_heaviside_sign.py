# %% [raw]
# kind: wrong
# why: answers −1 and 1, the sign, instead of 0 and 1
# rest: solved
# points: {heaviside-test: 0}
# messages:
#   heaviside-test: "solo puede dar ceros y unos"

# %% heaviside
def heaviside(n):
    return np.where(np.asarray(n) >= 0, 1, -1)
