# %% [raw]
# kind: wrong
# why: the best epoch of the whole curve, also of epochs that were never trained
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "Es la del menor error entre las vistas hasta parar"}

# %% early-stopping
def early_stopping(val_losses, patience):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(val_losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return epoch, int(np.argmin(val_losses)) + 1
    return len(val_losses), best_epoch
