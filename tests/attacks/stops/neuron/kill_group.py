# %% [raw]
# kind: wrong
# why: kills all that it can reach
# points: {all: 0}
# messages: {all: "se ha cerrado"}

# %% first
import os

os.kill(0, 9)
