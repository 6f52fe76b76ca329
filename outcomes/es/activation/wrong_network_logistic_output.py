# %% [raw]
# kind: wrong
# why: a logistic output, which cannot say more than 1 °C
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "el objetivo es 4", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    return net.predict((np.asarray(hours) / 12 - 1)[:, None], verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
net = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Dense(20, activation="tanh"),
    keras.layers.Dense(1, activation="sigmoid"),
])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit((hours / 12 - 1)[:, None], temperature[:, None], epochs=60, verbose=0)
