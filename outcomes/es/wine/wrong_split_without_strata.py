# %% [raw]
# kind: wrong
# why: a plain random split
# rest: solved
# points: {stratified-split-test: 0}
# messages: {stratified-split-test: "Cada clase debe aportar la misma fracción"}

# %% stratified-split
def stratified_split(t, test_size, seed):
    return train_test_split(np.arange(len(t)), test_size=test_size, random_state=seed)
