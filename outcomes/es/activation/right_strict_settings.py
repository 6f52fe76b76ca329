# %% [raw]
# kind: right
# why: formulas whose warnings do no harm, in a notebook that turns all warnings into errors, prints two decimals and works in another folder
# rest: solved

# %% logistic
def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(x):
    return 1 / (2 + np.exp(x) + np.exp(-x))

# %% tanh
def tanh(x):
    return 1 - 2 / (np.exp(2 * x) + 1)


def tanh_derivative(x):
    return 4 / (np.exp(x) + np.exp(-x)) ** 2

# %% softplus
def softplus(x):
    return np.where(x > 100, x, np.log(1 + np.exp(x)))


def softplus_derivative(x):
    return logistic(x)

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
import os
import warnings

np.seterr(all="raise")
warnings.simplefilter("error")
np.set_printoptions(precision=2, threshold=5, suppress=True)
get_ipython().run_line_magic("precision", "2")
os.chdir("..")


def collapse(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2
