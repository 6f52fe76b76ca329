# %% [raw]
# kind: wrong
# why: takes the first rise of the curve for overfitting, even if it recovers
# rest: solved
# points: {overfitting-epoch-test: 0}
# messages: {overfitting-epoch-test: "Las subidas que luego se recuperan no cuentan"}

# %% overfitting-epoch
def overfitting_epoch(val_losses):
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] > val_losses[epoch - 1]:
            return epoch
    return None
