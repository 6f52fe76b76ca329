# %% [raw]
# kind: wrong
# why: steps so long that the training diverges and the network only answers nan
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "no son finitos", approximate-test: "no son finitos"}

# %% approximate
def approximate(hours):
    return net.predict(np.asarray(hours)[:, None], verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
net.fit(hours[:, None], temperature[:, None], epochs=60, verbose=0)
