# %% [raw]
# kind: right
# why: a network for what a linear function leaves over, all in float32; np.longdouble in the measurement
# rest: solved
# points: {}

# %% standardise
def mean_and_sigma(train):
    return np.float32(np.mean(train, axis=0)), np.float32(np.std(train, axis=0))


def standardise(data, mean, sigma):
    return np.float32((data - mean) / sigma)


def unstandardise(z, mean, sigma):
    return np.float32(z * sigma + mean)


# %% multiply
from sklearn.linear_model import LinearRegression


def multiply(X):
    X = np.asarray(X, dtype="float32")
    rest = unstandardise(rest_network.predict(standardise(X, *x_scale)), *rest_scale)
    return np.float32(line.predict(X)) + rest


line = LinearRegression().fit(X_train, t_train)
rest = t_train - line.predict(X_train)
x_scale, rest_scale = mean_and_sigma(X_train), mean_and_sigma(rest)
rest_network = MLPRegressor(hidden_layer_sizes=(32,), activation="tanh", solver="lbfgs", max_iter=400, random_state=SEED)
rest_network.fit(standardise(X_train[:4000], *x_scale), standardise(rest[:4000], *rest_scale))

# %% mse-in-range
def mse_in_range(low, high, n, rng):
    X = rng.uniform(low, high, (n, 4))
    t = X.prod(axis=1, dtype=np.longdouble)
    error = np.mean((t - np.reshape(multiply(X), n)) ** 2)
    return error, error / t.var()


# %% ensemble
def member_predictions(X):
    for member, x, t in members:
        yield np.float16(0) + unstandardise(member.predict(standardise(X, *x)), *t)


def ensemble(X):
    return np.mean(list(member_predictions(X)), axis=0)


members = []
for m in range(3):
    X_m, t_m = make_products(4000, np.random.default_rng([SEED, m]))
    x_scale, t_scale = mean_and_sigma(X_m), mean_and_sigma(t_m)
    member = MLPRegressor(hidden_layer_sizes=(24,), activation="tanh", solver="lbfgs", max_iter=150, random_state=SEED + m)
    member.fit(standardise(X_m, *x_scale), standardise(t_m, *t_scale))
    members.append((member, x_scale, t_scale))
