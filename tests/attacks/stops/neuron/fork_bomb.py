# %% [raw]
# kind: wrong
# why: makes processes without end
# points: {all: 0}
# messages: {all: "procesos o hilos"}

# %% first
import os

while True:
    os.fork()
