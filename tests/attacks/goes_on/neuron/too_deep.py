# %% [raw]
# kind: right
# why: has a line that is too deep for Python's parser (see RETOUCHED)
# messages: {page: "RecursionError"}
