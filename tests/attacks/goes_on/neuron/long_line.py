# %% [raw]
# kind: right
# why: prints a line of 100 MB
# messages: {page: "se ha dejado fuera"}

# %% first
print("x" * 10**8)
