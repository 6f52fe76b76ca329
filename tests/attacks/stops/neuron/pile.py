# %% [raw]
# kind: wrong
# why: shows without end when it is asked, past the kernel's own limit
# points: {all: 0, weighted-sum-test: 1}
# messages: {all: "MB de salida"}

# %% send

# %% bypass

# %% heaviside
def heaviside(n):
    outlet.muted = False
    while True:
        send("display_data", {"data": {"text/plain": "x" * 200_000}, "metadata": {}})
