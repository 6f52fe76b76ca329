# %% [raw]
# kind: partial
# why: everything but Rosenblatt's rule, for want of time
# rest: solved
# points: {fit-perceptron-test: 0, fit-perceptron-narrow-test: 0}
# messages:
#   fit-perceptron-test: "sin hacer todavía"

# %% fit-perceptron
def fit_perceptron(X, t, max_epochs=1000):
    raise NotImplementedError("No me ha dado tiempo.")
