# %% [raw]
# kind: right
# why: functions of one number, vectorised; a network neuron by neuron
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
