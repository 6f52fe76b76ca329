# %% [raw]
# kind: wrong
# why: another split each time, the seed is not passed on
# rest: solved
# points: {stratified-split-test: 0}
# messages: {stratified-split-test: "Con la misma semilla salen dos repartos distintos"}

# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, stratify=t)
