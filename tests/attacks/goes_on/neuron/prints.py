# %% [raw]
# kind: right
# why: prints without end
# messages: {page: "se ha dejado fuera"}

# %% first
while True:
    print("x" * 1000)
