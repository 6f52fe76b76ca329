# %% [raw]
# kind: wrong
# why: swallows every interrupt
# points: {all: 0}
# messages: {all: "no atiende a la interrupción"}

# %% first
import time

while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
