# %% [raw]
# kind: right
# why: shows without end
# messages: {page: "se ha dejado fuera"}

# %% first
while True:
    display("x" * 10**5)
