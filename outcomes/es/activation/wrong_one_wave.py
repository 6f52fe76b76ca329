# %% [raw]
# kind: wrong
# why: a linear neuron on sine and cosine of the day gives one single wave, good enough for the first target only
# rest: solved
# points: {approximate-test: 0}
# messages: {approximate-test: "el objetivo es 0.25"}

# %% approximate
def one_wave(hours):
    angle = 2 * np.pi * np.reshape(hours, (-1, 1)) / 24
    return np.hstack([np.sin(angle), np.cos(angle)])


def approximate(hours):
    return 16 + 6 * net.predict(one_wave(hours), verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
net.fit(one_wave(hours), (temperature - 16) / 6, epochs=50, verbose=0)
