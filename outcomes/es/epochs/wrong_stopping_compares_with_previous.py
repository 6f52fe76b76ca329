# %% [raw]
# kind: wrong
# why: calls it an improvement to be better than the epoch before, not than the best
# rest: solved
# points: {early-stopping-test: 0}
# messages: {early-stopping-test: "es demasiado tarde"}

# %% early-stopping
def early_stopping(val_losses, patience):
    waiting = 0
    for k in range(1, len(val_losses)):
        waiting = 0 if val_losses[k] < val_losses[k - 1] else waiting + 1
        if waiting == patience:
            return k + 1, int(np.argmin(val_losses[:k + 1])) + 1
    return len(val_losses), int(np.argmin(val_losses)) + 1
