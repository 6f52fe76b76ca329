# %% [raw]
# kind: wrong
# why: standardises the hours asked for with their own mean and deviation instead of the table's
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages:
#   approximate-basic-test: "según qué otras horas"
#   approximate-test: "según qué otras horas"

# %% approximate
def approximate(hours):
    x = (hours - hours.mean()) / hours.std()
    return net.predict(x[:, None], verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(keras.optimizers.Adam(0.02), loss="mse")
x_table = (hours - hours.mean()) / hours.std()
t_table = (temperature - temperature.mean()) / temperature.std()
net.fit(x_table[:, None], t_table[:, None], epochs=200, verbose=0)
