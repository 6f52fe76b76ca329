# %% [raw]
# kind: wrong
# why: trains with the first half of the table and trusts the extrapolation to the evening
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


# La mitad para entrenar y la otra mitad para comprobar.
x_train, t_train = (hours[:72] - 12) / 7, (temperature[:72] - temperature.mean()) / temperature.std()
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit(x_train[:, None], t_train[:, None], epochs=100, verbose=0)
