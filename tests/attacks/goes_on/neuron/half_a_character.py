# %% [raw]
# kind: right
# why: has what JSON can hold and UTF-8 cannot; JupyterLab opens it (see RETOUCHED)
# messages: {page: "neurona"}

# %% first
print("AQUI")
