# %% [raw]
# kind: wrong
# why: a single hidden neuron, which can rise or fall but not do both in one day
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "más neuronas"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
degrees = (temperature - temperature.mean()) / temperature.std()
net.fit(((hours - 12) / 7)[:, None], degrees[:, None], epochs=100, verbose=0)
