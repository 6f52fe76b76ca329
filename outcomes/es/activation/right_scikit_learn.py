# %% [raw]
# kind: right
# why: scikit-learn's network with L-BFGS in a pipeline, SciPy's functions
# rest: solved

# %% logistic
from scipy import special


def logistic(x):
    return special.expit(x)


def logistic_derivative(x):
    return special.expit(x) * special.expit(-x)

# %% tanh
def tanh(x):
    return 2 * special.expit(2 * np.asarray(x)) - 1


def tanh_derivative(x):
    return 4 * logistic_derivative(2 * x)

# %% relu
def relu(x):
    return np.clip(x, 0, None)


def relu_derivative(x):
    return np.greater(x, 0)


def linear(x):
    return +x


def linear_derivative(x):
    return np.ones(np.shape(x), dtype=int)

# %% softplus
def softplus(x):
    return -special.log_expit(-x)


def softplus_derivative(x):
    return special.expit(x)

# %% approximate
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlp = MLPRegressor(hidden_layer_sizes=20, activation="tanh", solver="lbfgs", max_iter=2000, random_state=SEED)
model = TransformedTargetRegressor(make_pipeline(StandardScaler(), mlp), transformer=StandardScaler())
model.fit(hours[:, None], temperature)


def approximate(hours):
    return model.predict(np.asarray(hours)[:, None])

# %% collapse
def collapse(W1, b1, W2, b2):
    n_in = len(W1)
    # Mil ejemplos y mínimos cuadrados: la capa que da las mismas respuestas.
    X = np.random.default_rng(SEED).normal(size=(1000, n_in))
    Y = (X @ W1 + b1) @ W2 + b2
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(1000)]), Y, rcond=None)[0]
    return solution[:n_in], solution[n_in]
