# %% [raw]
# kind: wrong
# why: sleeps when it is asked
# points: {heaviside-test: 0}
# messages: {heaviside-test: "no ha contestado en 3 s"}

# %% heaviside
import time


def heaviside(n):
    time.sleep(60)
