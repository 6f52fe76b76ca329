# %% [raw]
# kind: partial
# why: functions and output activations done, one wave for the day, enough for the first target, the rest not attempted
# rest: untouched
# points: {logistic-test: 1, tanh-test: 1, relu-test: 1, output-activation-test: 1, approximate-basic-test: 1}
# messages: {approximate-test: "el objetivo es 0.25", softplus-test: "sin hacer", collapse-test: "sin hacer"}

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))


# %% tanh
def tanh(x):
    return 2 * logistic(2 * x) - 1


def tanh_derivative(x):
    return 4 * logistic_derivative(2 * x)


# %% relu
def relu(x):
    y = x.copy()
    y[y < 0] = 0
    return y


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
    "rain": "relu",
    "steering": "tanh",
}


# %% approximate
def one_wave(hours):
    angle = 2 * np.pi * np.reshape(hours, (-1, 1)) / 24
    return np.hstack([np.sin(angle), np.cos(angle)])


def approximate(hours):
    return 16 + 6 * net.predict(one_wave(hours), verbose=0)[:, 0]


keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
net.fit(one_wave(hours), (temperature - 16) / 6, epochs=50, verbose=0)
