# %% [raw]
# kind: wrong
# why: sleeps in twenty cells that stand before all else (see RETOUCHED)
# points: {all: 0}
# messages: {all: "El cuaderno entero ha pasado de 45 s"}

# %% first
import time

# %% last
time.sleep(3)
