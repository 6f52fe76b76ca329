# %% [raw]
# kind: wrong
# why: opens a comm whose data are none
# points: {all: 0}
# messages: {all: "no son de Jupyter"}

# %% send

# %% first
send("comm_open", {"target_name": "jupyter.widget", "data": 3})
