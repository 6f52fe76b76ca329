# %% [raw]
# kind: wrong
# why: leaves when it is asked
# points: {heaviside-test: 0}
# messages: {heaviside-test: "SystemExit: 0"}

# %% heaviside
import sys


def heaviside(n):
    sys.exit(0)
