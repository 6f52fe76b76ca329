# %% [raw]
# kind: right
# why: functional models that standardise inside, with Normalization layers, and are trained on raw numbers
# rest: solved
# points: {}

# %% multiply
def multiply(X):
    return product_model(X).numpy()


def build_and_train(neurons, X, t):
    before = keras.layers.Normalization()
    after = keras.layers.Normalization(axis=None, invert=True)
    before.adapt(X)
    after.adapt(t)
    inputs = keras.Input((4,))
    hidden = before(inputs)
    for n in neurons:
        hidden = keras.layers.Dense(n, activation="tanh")(hidden)
    model = keras.Model(inputs, after(keras.layers.Dense(1)(hidden)))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mean_squared_error")
    model.fit(X, t, epochs=25, batch_size=200, verbose=0)
    return model


keras.utils.set_random_seed(SEED)
product_model = build_and_train([40, 40], X_train, t_train)

# %% ensemble
def member_predictions(X):
    return [member.predict(X, verbose=0) for member in different_members]


def ensemble(X):
    return sum(member_predictions(X)) / len(different_members)


different_members = []
for m, neurons in enumerate([[24, 24], [32, 16], [16, 16, 16]]):
    keras.utils.set_random_seed(SEED + m)
    different_members.append(build_and_train(neurons, *make_products(4000, np.random.default_rng([SEED, m]))))
