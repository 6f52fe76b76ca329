# %% [raw]
# kind: right
# why: keeps the weights of the best epoch and sets them whenever it is asked; the team are such weights of one model
# rest: solved
# points: {}

# %% multiply
def multiply(X):
    model.set_weights(best)
    return unstandardise(model.predict(standardise(X, *x_scale), batch_size=1000, verbose=0)[:, 0], *t_scale)


def best_weights(X, t, seed, epochs):
    """Entrena model desde el principio y devuelve los pesos de su mejor época."""
    keras.utils.set_random_seed(seed)
    model.set_weights([np.random.default_rng(seed).normal(0, 0.4, w.shape) for w in model.get_weights()])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    lowest, kept = np.inf, None
    for epoch in range(epochs):
        history = model.fit(standardise(X, *x_scale), standardise(t, *t_scale), batch_size=200, verbose=0)
        if history.history["loss"][0] < lowest:
            lowest, kept = history.history["loss"][0], model.get_weights()
    return kept


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
model = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(32, activation="tanh"),
    keras.layers.Dense(1),
])
best = best_weights(X_train, t_train, SEED, 25)

# %% ensemble
def member_predictions(X):
    answers = []
    for weights in team_weights:
        model.set_weights(weights)
        answers.append(unstandardise(model.predict(standardise(X, *x_scale), batch_size=1000, verbose=0)[:, 0], *t_scale))
    return np.array(answers)


def ensemble(X):
    return member_predictions(X).mean(axis=0)


team_weights = [best_weights(*make_products(4000, np.random.default_rng([SEED, m])), SEED + m, 15) for m in range(3)]
