# %% [raw]
# kind: wrong
# why: an if that cannot decide for a whole array
# rest: solved
# points: {heaviside-test: 0}
# messages:
#   heaviside-test: "elemento a elemento"

# %% heaviside
def heaviside(n):
    if n >= 0:
        return 1
    return 0
