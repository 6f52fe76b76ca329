# %% [raw]
# kind: right
# why: has a cell that never ends
# messages: {page: "y se ha interrumpido"}

# %% first
while True:
    pass
