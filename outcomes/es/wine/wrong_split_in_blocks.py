# %% [raw]
# kind: wrong
# why: cuts each class as it comes, without shuffling it; the seed only says where the cut begins
# rest: solved
# points: {stratified-split-test: 0}
# messages: {stratified-split-test: "no en bloque ni a saltos"}

# %% stratified-split
def stratified_split(t, test_size, seed):
    train_rows, test_rows = [], []
    for k in np.unique(t):
        rows = np.roll(np.flatnonzero(np.asarray(t) == k), 7 * seed)
        cut = round(test_size * len(rows))
        test_rows += rows[:cut].tolist()
        train_rows += rows[cut:].tolist()
    return np.array(train_rows), np.array(test_rows)
