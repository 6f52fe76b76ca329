# %% [raw]
# kind: wrong
# why: three epochs and the smallest of steps, the network has hardly begun
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "si la red ha tenido épocas suficientes", approximate-test: "más épocas"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer="adam", loss="mse")
degrees = (temperature - temperature.mean()) / temperature.std()
net.fit(((hours - 12) / 7)[:, None], degrees[:, None], epochs=3, verbose=0)
