# %% [raw]
# kind: wrong
# why: kills the kernel
# points: {all: 0}
# messages: {all: "se ha cerrado"}

# %% first
import os

os.kill(os.getpid(), 9)
