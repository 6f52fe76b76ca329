# %% [raw]
# kind: wrong
# why: the reference network with hours and degrees as they come, 0 to 24 saturates the tanh
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "Mira la escala de lo que entra y sale", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    return net.predict(np.asarray(hours)[:, None], verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer="adam", loss="mse")
net.fit(hours[:, None], temperature[:, None], epochs=100, verbose=0)
