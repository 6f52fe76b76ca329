# %% [raw]
# kind: wrong
# why: sends an output of other types
# points: {all: 0}
# messages: {all: "no son de Jupyter"}

# %% send

# %% first
send("display_data", {"data": 5, "transient": 7})
