# %% [raw]
# kind: wrong
# why: ends the kernel when it is asked
# points: {all: 0, weighted-sum-test: 1}
# messages: {all: "se ha cerrado"}

# %% heaviside
import os


def heaviside(n):
    os._exit(0)
