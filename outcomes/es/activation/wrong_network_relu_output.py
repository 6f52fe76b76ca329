# %% [raw]
# kind: wrong
# why: a ReLU output for standardised degrees, which cannot say anything below the mean temperature
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - 12) / 7
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Dense(20, activation="tanh"),
    keras.layers.Dense(1, activation="relu"),
])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
degrees = (temperature - temperature.mean()) / temperature.std()
net.fit(((hours - 12) / 7)[:, None], degrees[:, None], epochs=60, verbose=0)
