# %% [raw]
# kind: right
# why: clears the notebook's names before all else

# %% first
# %reset -f
