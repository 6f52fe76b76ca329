# %% [raw]
# kind: wrong
# why: shows without end when it is asked
# points: {heaviside-test: 0}
# messages: {heaviside-test: "no ha contestado"}

# %% send

# %% heaviside
def heaviside(n):
    while True:
        send("display_data", {"data": {"text/plain": "x" * 200_000}, "metadata": {}})
