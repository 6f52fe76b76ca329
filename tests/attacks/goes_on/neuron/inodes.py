# %% [raw]
# kind: right
# why: makes more files than fit, all empty
# messages: {page: "FULL 28"}

# %% fill

# %% first
fill(".", 0, 30_000)
fill("/tmp", 0, 1000)
