# %% [raw]
# kind: wrong
# why: one network with a little noise that is drawn anew with each question, in place of a team
# rest: solved
# points: {ensemble-test: 0}
# messages:
#   ensemble-test: "no responde dos veces lo mismo"

# %% ensemble
def member_predictions(X):
    y = np.ravel(multiply(X))
    return np.array([y + rng_noise.normal(0, 40, len(y)) for _ in range(5)])



def ensemble(X):
    return np.mean(member_predictions(X), axis=0)


rng_noise = np.random.default_rng(SEED)
