# %% [raw]
# kind: right
# why: networks that add logarithms, far more accurate than the reference, inside and outside of the range
# rest: solved
# points: {}

# %% multiply
def log_network(seed, X, t):
    logs, log_t = np.log(X + 1e-9), np.log(t + 1e-9)
    x_scale, t_scale = mean_and_sigma(logs), mean_and_sigma(log_t)
    keras.utils.set_random_seed(SEED + seed)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
    model.fit(standardise(logs, *x_scale), standardise(log_t, *t_scale), epochs=40, batch_size=256, verbose=0)

    def answer(X):
        z = model.predict(standardise(np.log(np.asarray(X) + 1e-9), *x_scale), verbose=0)[:, 0]
        return np.exp(unstandardise(z, *t_scale))

    return answer


multiply = log_network(0, X_train, t_train)

# %% ensemble
def member_predictions(X):
    return np.stack([member(X) for member in log_members])


def ensemble(X):
    return np.mean(member_predictions(X), axis=0)[:, None].astype("float32")


log_members = [log_network(m, *make_products(4000, np.random.default_rng([SEED, m]))) for m in range(1, 4)]
