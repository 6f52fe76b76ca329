# %% [raw]
# kind: right
# why: plain Python loops and lists as answers, two layers of relu neurons, other scales, default learning rate
# rest: solved
# points: {}

# %% logistic
import math


def each(f, x):
    return [each(f, row) for row in x] if np.ndim(x) else f(float(x))


def logistic(x):
    return each(lambda v: 1 / (1 + math.exp(-v)) if v > -700 else 0.0, x)


def logistic_derivative(x):
    return each(lambda v: logistic(v) * (1 - logistic(v)), x)


# %% tanh
def tanh(x):
    return each(lambda v: 1 - 2 / (math.exp(2 * v) + 1) if v < 300 else 1, x)


def tanh_derivative(x):
    return each(lambda v: 1 - tanh(v) ** 2, x)


# %% relu
def relu(x):
    return each(lambda v: v if v > 0 else 0, x)


def relu_derivative(x):
    return each(lambda v: 0.5 if v == 0 else int(v > 0), x)


def linear(x):
    return each(float, x)


def linear_derivative(x):
    return each(lambda v: 1, x)


# %% softplus
def softplus(x):
    return each(lambda v: v if v > 30 else math.log(1 + math.exp(v)), x)


def softplus_derivative(x):
    return logistic(x)


# %% output-activation
output_activation = {}
output_activation["temperature"] = "linear"
output_activation["galaxy"] = "Sigmoid"
output_activation["baby_cry"] = "softmax"
output_activation["photo"] = "sigmoid"
output_activation["rain"] = "softplus"
output_activation["steering"] = "tanh"


# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    answers = []
    for x in X:
        hidden = []
        for j in range(len(theta)):
            total = theta[j]
            for i in range(len(x)):
                total += W_hidden[i][j] * x[i]
            hidden.append(math.tanh(total))
        answers.append([sum(h * W_out[j][k] for j, h in enumerate(hidden)) for k in range(len(W_out[0]))])
    return answers


# %% approximate
def approximate(hours):
    x = [(hour - 12) / 4 for hour in hours]
    degrees = network_of_relus.predict(np.array(x)[:, None], verbose=0)
    return [float(d) * 6 + 17 for d in degrees[:, 0]]


keras.utils.set_random_seed(SEED)
network_of_relus = keras.Sequential()
network_of_relus.add(keras.layers.Dense(64, activation="relu"))
network_of_relus.add(keras.layers.Dense(32, activation="relu"))
network_of_relus.add(keras.layers.Dense(1))
network_of_relus.compile("adam", "mean_squared_error")
network_of_relus.fit((hours[:, None] - 12) / 4, (temperature[:, None] - 17) / 6, epochs=250, batch_size=16, verbose=0)


# %% collapse
def collapse(W1, b1, W2, b2):
    # La respuesta al vector nulo es b; las respuestas a los vectores unitarios, menos b, son las filas de W.
    def both(x):
        return (x @ W1 + b1) @ W2 + b2

    b = both(np.zeros(len(W1)))
    W = [list(both(unit) - b) for unit in np.eye(len(W1))]
    return W, list(b)
