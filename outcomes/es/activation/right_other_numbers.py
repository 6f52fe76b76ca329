# %% [raw]
# kind: right
# why: answers in long double, Decimal and Fraction, in tuples and generators, a pair given by yield
# rest: solved

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x.astype(np.longdouble)))


def logistic_derivative(x):
    return logistic(x) * (1 - logistic(x))

# %% tanh
from decimal import Decimal
from fractions import Fraction


def each(f, x):
    return tuple(each(f, row) for row in x) if np.ndim(x) else f(x)


def tanh(x):
    return each(lambda v: Decimal(float(np.tanh(v))), x)


def tanh_derivative(x):
    return each(lambda v: np.float32(1 - np.tanh(v) ** 2), x)

# %% relu
def relu(x):
    return each(lambda v: Fraction(max(float(v), 0)), x)


def relu_derivative(x):
    return each(lambda v: Fraction(int(v > 0)), x)


def linear(x):
    return x.astype(np.float32)


def linear_derivative(x):
    return np.ones(x.shape, np.uint8)

# %% softplus
def softplus(x):
    return np.logaddexp(np.longdouble(0), x)


def softplus_derivative(x):
    return (1 / (1 + np.exp(-x.astype(np.longdouble)))).astype(np.float32)

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return (row for row in (np.tanh(X @ W_hidden + theta) @ W_out).astype(np.longdouble))

# %% approximate
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlp = MLPRegressor(hidden_layer_sizes=20, activation="tanh", solver="lbfgs", max_iter=2000, random_state=SEED)
model = TransformedTargetRegressor(make_pipeline(StandardScaler(), mlp), transformer=StandardScaler())
model.fit(hours[:, None], temperature)


def approximate(hours):
    for degrees in model.predict(np.asarray(hours)[:, None]):
        yield np.longdouble(degrees)

# %% collapse
def collapse(W1, b1, W2, b2):
    yield (W1 @ W2).astype(np.longdouble)
    yield np.float32(b1 @ W2 + b2)
