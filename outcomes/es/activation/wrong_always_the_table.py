# %% [raw]
# kind: wrong
# why: answers for the hours of the table, whatever it is asked
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "tiene la forma (145,)", approximate-test: "tiene la forma (145,)"}

# %% approximate
def approximate(hours):
    return net.predict(x_table, verbose=0)[:, 0] * temperature.std() + temperature.mean()


x_table = ((hours - 12) / 7)[:, None]
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit(x_table, ((temperature - temperature.mean()) / temperature.std())[:, None], epochs=60, verbose=0)
