# %% [raw]
# kind: wrong
# why: both epochs counted from 0
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "se cuentan desde 1"}

# %% early-stopping
def early_stopping(val_losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best_epoch]:
            best_epoch = epoch
        elif epoch - best_epoch == patience:
            return epoch, best_epoch
    return len(val_losses) - 1, best_epoch
