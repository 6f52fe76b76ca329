# %% [raw]
# kind: wrong
# why: trains with standardised hours and asks with the hours as they come
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "Mira la escala de lo que entra y sale", approximate-test: "el objetivo es 0.25"}

# %% approximate
def approximate(hours):
    y = net.predict(np.asarray(hours)[:, None], verbose=0)[:, 0]
    return y * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit(
    ((hours - hours.mean()) / hours.std())[:, None],
    ((temperature - temperature.mean()) / temperature.std())[:, None],
    epochs=100,
    verbose=0,
)
