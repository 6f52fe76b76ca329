# %% [raw]
# kind: wrong
# why: takes an equal error for an improvement, so that a flat curve never stops
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "En una curva plana, tu función para en la época 5"}

# %% early-stopping
def early_stopping(val_losses, patience):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(val_losses, start=1):
        if loss <= best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
