# %% [raw]
# kind: right
# why: subclassed model, two hidden layers, a decaying learning rate and early stopping; Keras's own functions
# rest: solved

# %% logistic
def logistic(x):
    return keras.ops.convert_to_numpy(keras.activations.sigmoid(np.asarray(x, dtype="float32")))


def logistic_derivative(x):
    return logistic(x) - logistic(x) ** 2

# %% tanh
def tanh(x):
    return keras.ops.convert_to_numpy(keras.ops.tanh(keras.ops.cast(x, "float32")))


def tanh_derivative(x):
    return 1 - np.square(tanh(x))

# %% relu
def relu(x):
    return keras.ops.convert_to_numpy(keras.ops.relu(x))


def relu_derivative(x):
    return np.asarray(x > 0, dtype="float32")


def linear(x):
    return keras.activations.linear(x)


def linear_derivative(x):
    return x**0

# %% softplus
def softplus(x):
    return np.array(keras.activations.softplus(np.asarray(x, dtype="float32")))


def softplus_derivative(x):
    return 1 - logistic(-x)

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    hidden = keras.layers.Dense(W_hidden.shape[1], activation="tanh")
    output = keras.layers.Dense(W_out.shape[1], use_bias=False)
    network = keras.Sequential([keras.Input((X.shape[1],)), hidden, output])
    hidden.set_weights([W_hidden, theta])
    output.set_weights([W_out])
    return np.array(network(X))

# %% approximate
class Thermometer(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(24, activation="tanh")
        self.second = keras.layers.Dense(12, activation="tanh")
        self.output_layer = keras.layers.Dense(1)

    def call(self, x):
        return self.output_layer(self.second(self.first(x)))


keras.utils.set_random_seed(SEED)
thermometer = Thermometer()
steps = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=1500)
thermometer.compile(optimizer=keras.optimizers.Nadam(steps), loss="mse")
thermometer.fit(
    (hours[:, None] - 12) / 6,
    (temperature[:, None] - 18) / 5,
    batch_size=16,
    epochs=150,
    verbose=0,
    callbacks=[keras.callbacks.EarlyStopping(monitor="loss", patience=40, restore_best_weights=True)],
)


def approximate(hours):
    x = np.asarray(hours).reshape(-1, 1)
    return 18 + 5 * thermometer.predict((x - 12) / 6, verbose=0).squeeze()
