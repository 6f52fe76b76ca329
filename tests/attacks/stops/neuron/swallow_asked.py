# %% [raw]
# kind: wrong
# why: swallows every interrupt when it is asked
# points: {all: 0, weighted-sum-test: 1}
# messages: {all: "no atiende a la interrupción"}

# %% heaviside
import time


def heaviside(n):
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass
