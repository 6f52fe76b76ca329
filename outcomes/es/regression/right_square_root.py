# %% [raw]
# kind: right
# why: learns the square root of the product from sorted numbers, and squares what the network says
# rest: solved
# points: {}

# %% multiply
def multiply(X):
    z = root_network.predict(sorted_inputs(X), verbose=0, batch_size=256).flatten()
    return (30 * z + 20) ** 2


def sorted_inputs(X):
    # El producto no depende del orden: con las filas ordenadas hay mucho menos que aprender.
    return np.sort(X, axis=1)[:, ::-1] / 5 - 1


keras.utils.set_random_seed(SEED)
root_network = keras.models.Sequential()
root_network.add(keras.layers.InputLayer(shape=(4,)))
root_network.add(keras.layers.Dense(units=48, activation="swish"))
root_network.add(keras.layers.Dense(units=48, activation="swish"))
root_network.add(keras.layers.Dense(units=1, activation="linear"))
root_network.compile(loss="mse", optimizer=keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.CosineDecay(0.02, 1000)))
root_network.fit(sorted_inputs(X_train), (np.sqrt(t_train) - 20) / 30, epochs=25, batch_size=200, shuffle=True, verbose=0)

# %% ensemble
def member_predictions(X):
    answers = np.empty((3, len(X)), dtype="float32")
    for m in range(3):
        answers[m] = (30 * roots[m].predict(sorted_inputs(X)) + 20) ** 2
    return answers


def ensemble(X):
    return np.average(member_predictions(X), axis=0)


roots = []
for m in range(3):
    X_m, t_m = make_products(3000, np.random.default_rng(SEED + 10 * m))
    roots.append(MLPRegressor(hidden_layer_sizes=(20,), activation="tanh", solver="lbfgs", max_iter=150, random_state=m))
    roots[m].fit(sorted_inputs(X_m), (np.sqrt(t_m) - 20) / 30)
