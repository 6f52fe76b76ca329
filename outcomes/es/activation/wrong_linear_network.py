# %% [raw]
# kind: wrong
# why: a network without any activation, which is only the best straight line
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages:
#   approximate-basic-test: "el objetivo es 4"
#   approximate-test: "el objetivo es 0.25"

# %% approximate
def approximate(hours):
    return net.predict((hours[:, None] - 12) / 7, verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.layers.Dense(100), keras.layers.Dense(100), keras.layers.Dense(1)])
net.compile(keras.optimizers.Adam(0.01), loss="mse")
degrees = (temperature - temperature.mean()) / temperature.std()
net.fit((hours[:, None] - 12) / 7, degrees[:, None], epochs=60, verbose=0)
