# %% [raw]
# kind: wrong
# why: works for arrays and stops with a single number
# rest: solved
# points: {heaviside-test: 0}
# messages:
#   heaviside-test: "Ha sido con un número"

# %% heaviside
def heaviside(n):
    return (n >= 0).astype(int)
