# %% [raw]
# kind: wrong
# why: prints a line of 100 MB, past the kernel's own limit
# points: {all: 0}
# messages: {all: "MB de salida"}

# %% bypass

# %% first
print("x" * 10**8)
