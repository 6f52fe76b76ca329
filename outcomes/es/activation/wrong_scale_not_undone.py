# %% [raw]
# kind: wrong
# why: a good network whose answers stay in standard units, not in °C
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages:
#   approximate-basic-test: "Mira la escala de lo que entra y sale"
#   approximate-test: "Prueba con otra escala"

# %% approximate
def approximate(hours):
    x = (np.asarray(hours) - hours_mean) / hours_std
    return net.predict(x[:, None], verbose=0)[:, 0]


hours_mean, hours_std = hours.mean(), hours.std()
degrees = (temperature - temperature.mean()) / temperature.std()
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit(((hours - hours_mean) / hours_std)[:, None], degrees[:, None], epochs=100, verbose=0)
