# %% [raw]
# kind: wrong
# why: always the same split, the seed is not used
# rest: solved
# points: {stratified-split-test: 0}
# messages: {stratified-split-test: "El reparto es el mismo con cualquier semilla"}

# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, stratify=t, random_state=SEED)
