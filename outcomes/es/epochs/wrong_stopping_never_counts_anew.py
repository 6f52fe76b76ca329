# %% [raw]
# kind: wrong
# why: counts all epochs without improvement, also those before the last improvement
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "la cuenta vuelve a cero cuando mejora"}

# %% early-stopping
def early_stopping(val_losses, patience):
    best, best_epoch, waiting = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        else:
            waiting += 1
        if waiting == patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
