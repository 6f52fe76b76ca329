# %% [raw]
# kind: wrong
# why: takes the median of the networks for their mean
# rest: solved
# points: {ensemble-test: 0}
# messages:
#   ensemble-test: "no es la media de las respuestas"

# %% ensemble
def member_predictions(X):
    return np.array([unstandardise(member.predict(standardise(X, *x)), *t) for member, x, t in members])


def ensemble(X):
    return np.median(member_predictions(X), axis=0)


members = []
for m in range(3):
    X_m, t_m = make_products(4000, np.random.default_rng([SEED, m]))
    x_scale, t_scale = mean_and_sigma(X_m), mean_and_sigma(t_m)
    member = MLPRegressor(hidden_layer_sizes=(24,), activation="tanh", solver="lbfgs", max_iter=150, random_state=SEED + m)
    member.fit(standardise(X_m, *x_scale), standardise(t_m, *t_scale))
    members.append((member, x_scale, t_scale))
