# %% [raw]
# kind: right
# why: shuffles and cuts the batches by hand and trains with train_on_batch, keeping the best weights
# rest: solved

# %% logistic
def logistic(x):
    return np.exp(-np.logaddexp(0, -x))


def logistic_derivative(x):
    return np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x))

# %% tanh
def tanh(x):
    small = np.exp(-2 * abs(x))
    return np.copysign((1 - small) / (1 + small), x)


def tanh_derivative(x):
    small = np.exp(-2 * abs(x))
    return 4 * small / (1 + small) ** 2

# %% relu
def relu(x):
    return np.fmax(x, np.zeros(x.shape))


def relu_derivative(x):
    slope = np.zeros(x.shape)
    slope[x > 0] = 1
    return slope


def linear(x):
    return x


def linear_derivative(x):
    return np.where(True, np.ones(x.shape), 0)

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    Y = 0
    for j in range(len(theta)):
        h = np.tanh(X.dot(W_hidden[:, [j]]) + theta[j])
        Y = Y + h * W_out[j]
    return Y

# %% approximate
x_table = ((hours - 12) / 7).reshape(-1, 1).astype("float32")
t_table = ((temperature - 17) / 5).reshape(-1, 1).astype("float32")
keras.utils.set_random_seed(SEED)
model = keras.models.Sequential()
model.add(keras.layers.Input(shape=(1,)))
model.add(keras.layers.Dense(30, activation="tanh", kernel_initializer="he_normal"))
model.add(keras.layers.Dense(1, activation=None))
optimizer = keras.optimizers.AdamW(learning_rate=0.02, weight_decay=1e-5)
model.compile(loss=keras.losses.MeanSquaredError(), optimizer=optimizer)

shuffler = np.random.default_rng(SEED)
best_loss, best_weights = np.inf, model.get_weights()
for epoch in range(160):
    order = shuffler.permutation(len(x_table))
    model.reset_metrics()  # la pérdida que da Keras es la media desde aquí
    for rows in np.array_split(order, 4):
        loss = model.train_on_batch(x_table[rows], t_table[rows])
    if epoch > 100 and loss < best_loss:
        best_loss, best_weights = loss, model.get_weights()
model.set_weights(best_weights)


def approximate(hours):
    answers = []
    for start in range(0, len(hours), 500):
        x = (np.array(hours[start:start + 500]) - 12) / 7
        answers.extend(np.array(model(x[:, None]))[:, 0] * 5 + 17)
    return answers
