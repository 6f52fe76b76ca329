# %% [raw]
# kind: wrong
# why: counts the epochs from 0, as Python does
# rest: solved
# points: {overfitting-epoch-test: 0}
# messages: {overfitting-epoch-test: "¿Cuentas las épocas desde 1?"}

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    best = int(np.argmin(val_losses))
    return None if best == len(val_losses) - 1 else best
