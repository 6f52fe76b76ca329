# %% [raw]
# kind: right
# why: has a cell that sleeps
# messages: {page: "ha pasado de 4 s de reloj"}

# %% first
import time

time.sleep(60)
