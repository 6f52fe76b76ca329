# %% [raw]
# kind: wrong
# why: prints and raises what no page can show
# points: {heaviside-test: 0}
# messages: {heaviside-test: "fin"}

# %% heaviside
def heaviside(n):
    raise ValueError("fin \ud800 \u202e \x1b[2J")


print("suelto \ud800 final")
