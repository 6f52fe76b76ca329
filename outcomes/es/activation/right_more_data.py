# %% [raw]
# kind: right
# why: 3000 interpolated examples, so that few epochs are enough; swish neurons, min-max scale, validation data
# rest: solved

# %% logistic
def logistic(x):
    return np.piecewise(x, [x < 0, x >= 0], [lambda v: 1 - 1 / (1 + np.exp(v)), lambda v: 1 / (1 + np.exp(-v))])


def logistic_derivative(x):
    return np.minimum(logistic(x), 1 - logistic(x)) * np.maximum(logistic(x), 1 - logistic(x))

# %% tanh
def tanh(x):
    return logistic(2 * x) - logistic(-2 * x)


def tanh_derivative(x):
    return 4 * logistic(2 * x) * logistic(-2 * x)

# %% relu
def relu(x):
    return x * heaviside(x)


def relu_derivative(x):
    return heaviside(x)


def linear(x):
    return x * 1


def linear_derivative(x):
    return 1 + heaviside_derivative(x)

# %% softplus
def softplus(x):
    return np.where(x > 30, x, np.log1p(np.exp(np.minimum(x, 30))))


def softplus_derivative(x):
    return logistic(x)

# %% output-activation
output_activation = {key: "sigmoid" for key in ("galaxy", "photo")} | {
    "temperature": "linear", "baby_cry": "softmax", "rain": "softplus", "steering": "tanh"}

# %% approximate
def to_unit(hours):
    return np.asarray(hours)[:, None] / 24


low, high = temperature.min(), temperature.max()
more_hours = np.random.default_rng(SEED).uniform(0, 24, 3000)
more_degrees = np.interp(more_hours, hours, temperature)
keras.utils.set_random_seed(SEED)
net = keras.Sequential([
    keras.Input((1,)),
    keras.layers.Rescaling(6, offset=-3),
    keras.layers.Dense(32, activation="swish"),
    keras.layers.Dense(16, activation="swish"),
    keras.layers.Dense(1),
])
net.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
net.fit(
    to_unit(more_hours),
    (more_degrees - low) / (high - low),
    validation_data=(to_unit(hours), (temperature - low) / (high - low)),
    batch_size=50,
    epochs=25,
    verbose=0,
)


def approximate(hours):
    return low + (high - low) * net.predict(to_unit(hours), verbose=0)
