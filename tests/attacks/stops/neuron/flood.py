# %% [raw]
# kind: wrong
# why: prints without end, past the kernel's own limit
# points: {all: 0}
# messages: {all: "MB de salida"}

# %% bypass

# %% first
while True:
    print("x" * 1000)
