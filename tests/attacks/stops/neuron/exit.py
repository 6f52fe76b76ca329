# %% [raw]
# kind: wrong
# why: ends the kernel
# points: {all: 0}
# messages: {all: "se ha cerrado"}

# %% first
import os

os._exit(0)
