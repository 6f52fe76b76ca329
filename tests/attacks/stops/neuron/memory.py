# %% [raw]
# kind: wrong
# why: fills the memory from several processes
# points: {all: 0}
# messages: {all: "MB de memoria"}

# %% first
import os, signal, time

signal.signal(signal.SIGINT, signal.SIG_IGN)  # a slow machine needs more than a cell's time to fill it
for _ in range(8):
    if os.fork() == 0:
        ballast = bytearray(3 * 10**8)
        time.sleep(60)
time.sleep(60)
