# %% [raw]
# kind: partial
# why: everything but the last exercise, for want of time
# rest: solved
# points: {ensemble-test: 0}
# messages:
#   ensemble-test: "sin hacer"

# %% ensemble
def member_predictions(X):
    raise NotImplementedError("No me ha dado tiempo.")


def ensemble(X):
    raise NotImplementedError("No me ha dado tiempo.")
