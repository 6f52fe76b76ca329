# %% [raw]
# kind: wrong
# why: more than `patience` epochs without improvement, in the place of as many
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "es demasiado tarde"}

# %% early-stopping
def early_stopping(val_losses, patience):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(val_losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch > patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
