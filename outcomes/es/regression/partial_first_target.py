# %% [raw]
# kind: partial
# why: standardises rightly, and its small network reaches the first target and ρ but not the second; the rest is not attempted
# rest: untouched
# points: {standardise-test: 1, multiply-first-test: 2, multiply-rho-test: 1}
# messages: {multiply-test: "el objetivo es 4000", mse-in-range-test: "sin hacer", ensemble-test: "sin hacer"}

# %% standardise
def mean_and_sigma(train):
    return train.mean(axis=0), train.std(axis=0)


def standardise(data, mean, sigma):
    return (data - mean) / sigma


def unstandardise(z, mean, sigma):
    return mean + sigma * z


# %% multiply
def multiply(X):
    return unstandardise(mlp.predict(standardise(X, *x_scale)), *t_scale)


x_scale, t_scale = mean_and_sigma(X_train[:2000]), mean_and_sigma(t_train[:2000])
mlp = MLPRegressor(hidden_layer_sizes=(16,), activation="tanh", max_iter=200, random_state=SEED)
mlp.fit(standardise(X_train[:2000], *x_scale), standardise(t_train[:2000], *t_scale))
