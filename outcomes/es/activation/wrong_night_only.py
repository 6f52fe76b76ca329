# %% [raw]
# kind: wrong
# why: trains with the first third of the table, in order, and trusts the extrapolation to the rest of the day
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


# Un tercio para entrenar y lo demás para comprobar.
x_train, t_train = (hours[:48] - 12) / 7, (temperature[:48] - temperature.mean()) / temperature.std()
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit(x_train[:, None], t_train[:, None], epochs=100, verbose=0)
