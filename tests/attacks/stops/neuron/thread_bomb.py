# %% [raw]
# kind: wrong
# why: makes threads without end
# points: {all: 0}
# messages: {all: "procesos o hilos"}

# %% first
import threading, time

for _ in range(200):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
