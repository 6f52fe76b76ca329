# %% [raw]
# kind: partial
# why: the first half, with one function that overflows, and a network that is only a straight line
# rest: untouched
# points: {tanh-test: 1, relu-test: 1, output-activation-test: 1}
# messages:
#   logistic-test: "logistic_derivative(x), con x entre -1000 y 1000"
#   softplus-test: "sin hacer"
#   tanh-network-test: "sin hacer"
#   approximate-basic-test: "la activación de la capa oculta"
#   approximate-test: "el objetivo es 0.25"

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2

# %% tanh
def tanh(x):
    return np.sign(x) * (1 - np.exp(-2 * np.abs(x))) / (1 + np.exp(-2 * np.abs(x)))


def tanh_derivative(x):
    return 1 - tanh(x) ** 2

# %% relu
def relu(x):
    return np.maximum(0, x)


def relu_derivative(x):
    return heaviside(x)


def linear(x):
    return x


def linear_derivative(x):
    return np.ones(x.shape)

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "photo": "sigmoid",
    "rain": "softplus",
    "steering": "tanh",
}

# %% approximate
def approximate(hours):
    return net.predict((hours[:, None] - 12) / 7, verbose=0)[:, 0] * temperature.std() + temperature.mean()


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
degrees = (temperature - temperature.mean()) / temperature.std()
net.fit((hours[:, None] - 12) / 7, degrees[:, None], epochs=40, verbose=0)
