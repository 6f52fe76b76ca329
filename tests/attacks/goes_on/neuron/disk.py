# %% [raw]
# kind: right
# why: writes a file that is too large, and many more than fit
# messages: {page: "FULL 27"}

# %% fill

# %% first
fill(".", 10**7, 1)
fill(".", 10**6, 100)
fill("/tmp", 10**6, 100)
fill("/dev/shm", 10**6, 100)
