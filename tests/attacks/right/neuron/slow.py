# %% [raw]
# kind: right
# why: takes its time

# %% heaviside
import time

time.sleep(4)


def heaviside(n):
    time.sleep(0.5)
    return np.where(np.asarray(n) >= 0, 1, 0)
