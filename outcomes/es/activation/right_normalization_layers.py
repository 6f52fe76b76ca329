# %% [raw]
# kind: right
# why: a functional model that takes hours and gives °C, with its scales as layers; clipping and masks in the functions
# rest: solved

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def logistic_derivative(x):
    small = np.exp(-np.abs(x))
    return small / (1 + small) ** 2

# %% tanh
def tanh(x):
    x = np.clip(x, -20, 20)
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


def tanh_derivative(x):
    return (1 - tanh(x)) * (1 + tanh(x))

# %% relu
def relu(x):
    y = np.array(x)
    y[y < 0] = 0
    return y


def relu_derivative(x):
    return np.heaviside(x, 0.5)


def linear(x):
    return np.copy(x)


def linear_derivative(x):
    return np.full(np.shape(x), 1)

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "hard_sigmoid",
    "baby_cry": "softmax",
    "photo": "sigmoid",
    "rain": "exponential",
    "steering": "softsign",
}

# %% approximate
def approximate(hours):
    return whole_network.predict(np.reshape(hours, (-1, 1)), verbose=0)


scale = keras.layers.Normalization()
scale.adapt(hours[:, None])
keras.utils.set_random_seed(SEED)
clock = keras.Input((1,), name="hour")
hidden = keras.layers.Dense(24, activation="tanh")(scale(clock))
degrees = keras.layers.Dense(1)(hidden)
degrees = keras.layers.Rescaling(temperature.std(), offset=temperature.mean())(degrees)
whole_network = keras.Model(clock, degrees)
whole_network.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
whole_network.fit(hours[:, None], temperature[:, None], epochs=160, verbose=0)

# %% collapse
def collapse(W1, b1, W2, b2):
    # Coordenadas homogéneas: el umbral es una fila más de la matriz.
    first = np.block([[W1, np.zeros((len(W1), 1))], [b1, np.ones(1)]])
    both = first @ np.vstack([W2, b2])
    return both[:-1], both[-1]
