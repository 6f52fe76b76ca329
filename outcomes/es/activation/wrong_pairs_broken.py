# %% [raw]
# kind: wrong
# why: shuffles hours and temperatures apart, there is nothing left to learn but the mean
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


mixer = np.random.default_rng(SEED)
x_mixed = mixer.permutation((hours - 12) / 7)
t_mixed = mixer.permutation((temperature - temperature.mean()) / temperature.std())
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
net.fit(x_mixed[:, None], t_mixed[:, None], epochs=60, verbose=0)
