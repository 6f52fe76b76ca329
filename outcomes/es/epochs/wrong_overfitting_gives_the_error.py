# %% [raw]
# kind: wrong
# why: returns the least error in the place of its epoch
# rest: solved
# points: {overfitting-epoch-test: 0}
# messages: {overfitting-epoch-test: "ahí no está el menor error de test"}

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    return None if np.argmin(val_losses) == len(val_losses) - 1 else min(val_losses)
