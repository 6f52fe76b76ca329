# %% [raw]
# kind: wrong
# why: calls the last epoch overfitting when the curve is still falling
# rest: solved
# points: {overfitting-epoch-test: 0}
# messages: {overfitting-epoch-test: "el enunciado pide None"}

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    return int(np.argmin(val_losses)) + 1
