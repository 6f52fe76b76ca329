# %% [raw]
# kind: right
# why: NumPy alone, random tanh neurons and an output by least squares; functions of one number, vectorised
# rest: solved

# %% logistic
import math


@np.vectorize
def logistic(x):
    return 0.0 if x < -700 else 1 / (1 + math.exp(-x))


@np.vectorize
def logistic_derivative(x):
    return float(logistic(x)) * float(logistic(-x))

# %% tanh
tanh = np.vectorize(math.tanh)


def tanh_derivative(x):
    return np.array([1 - math.tanh(value) ** 2 for value in x.flat]).reshape(x.shape)

# %% relu
relu = np.vectorize(lambda x: max(x, 0.0), otypes=[float])
relu_derivative = np.vectorize(lambda x: 1 if x > 0 else 0)
linear = np.vectorize(float)
linear_derivative = np.vectorize(lambda x: 1.0)

# %% softplus
softplus = np.vectorize(lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))))
softplus_derivative = np.vectorize(lambda x: 0.5 + 0.5 * math.tanh(x / 2))

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    Y = np.zeros((len(X), W_out.shape[1]))
    for n, x in enumerate(X):
        h = [np.tanh(np.dot(W_hidden[:, j], x) + theta[j]) for j in range(len(theta))]
        Y[n] = np.dot(h, W_out)
    return Y

# %% approximate
rng = np.random.default_rng(SEED)
slopes = rng.uniform(0.3, 0.8, (1, 60)) * rng.choice([-1, 1], (1, 60))
thresholds = -slopes[0] * np.linspace(0, 24, 60)  # cada neurona cambia de signo a una hora distinta


def hidden_layer(hours):
    neurons = np.tanh(np.reshape(hours, (-1, 1)) @ slopes + thresholds)
    return np.hstack([neurons, np.ones((len(neurons), 1))])


# Los pesos de salida que hacen mínimo el error; un poco de freno para que no crezcan.
A = hidden_layer(hours)
output_weights = np.linalg.solve(A.T @ A + 1e-4 * np.eye(61), A.T @ temperature)


def approximate(hours):
    return hidden_layer(hours) @ output_weights
