# %% [raw]
# kind: wrong
# why: standardises what comes with its own mean and σ; the networks do without it, with scikit-learn
# rest: solved
# points: {standardise-test: 0}
# messages:
#   standardise-test: "Han de ser las de la parte de entrenamiento"

# %% standardise
def mean_and_sigma(train):
    return np.mean(train, axis=0), np.std(train, axis=0)


def standardise(data, mean, sigma):
    return (data - np.mean(data, axis=0)) / np.std(data, axis=0)


def unstandardise(z, mean, sigma):
    return z * sigma + mean


# %% multiply
def new_machine(n, seed):
    X, t = make_products(n, np.random.default_rng([SEED, seed]))
    machine = MLPRegressor(hidden_layer_sizes=(24,), activation="tanh", solver="lbfgs", max_iter=300, random_state=SEED + seed)
    machine.fit(X / 5 - 1, t / 1000)
    return lambda X: 1000 * machine.predict(X / 5 - 1)


multiply = new_machine(3000, 0)

# %% ensemble
def member_predictions(X):
    return np.array([machine(X) for machine in machines])


def ensemble(X):
    return member_predictions(X).mean(axis=0)


machines = [new_machine(2000, m) for m in range(1, 4)]
