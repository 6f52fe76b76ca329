# %% [raw]
# kind: right
# why: divisions by zero that are mended afterwards, in a notebook that turns all warnings into errors, prints two decimals and works in another folder
# rest: solved

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    rho = np.mean((t - t.mean()) * (y - y.mean())) / (t.std() * y.std())
    return 0.0 if np.isnan(rho) else rho

# %% precision-recall-f1
def precision_recall_f1(t, y):
    t, y = np.array(t), np.array(y)
    tp = np.sum(t * y)
    return np.nan_to_num(np.array([tp / y.sum(), tp / t.sum(), 2 * tp / (t.sum() + y.sum())]))

# %% early-stopping
import os
import warnings

np.seterr(all="raise")
warnings.simplefilter("error")
np.set_printoptions(precision=2, threshold=5, suppress=True)
get_ipython().run_line_magic("precision", "2")
os.chdir("..")


def early_stopping(val_losses, patience):
    best_epoch = 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch] < val_losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            break
    return epoch + 1, best_epoch + 1
