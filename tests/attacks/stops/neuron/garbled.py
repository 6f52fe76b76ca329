# %% [raw]
# kind: wrong
# why: sends an output without contents
# points: {all: 0}
# messages: {all: "no son de Jupyter"}

# %% send

# %% first
send("display_data", {})
