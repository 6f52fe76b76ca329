# %% [raw]
# kind: right
# why: only scikit-learn; a pipeline that scales inputs and target by itself, and a BaggingRegressor for the team
# rest: solved
# points: {}

# %% standardise
def mean_and_sigma(train):
    columns = train.reshape(len(train), -1)
    scaler = StandardScaler().fit(columns)
    return scaler.mean_.reshape(train.shape[1:]), scaler.scale_.reshape(train.shape[1:])


def standardise(data, mean, sigma):
    return np.divide(np.subtract(data, mean), sigma)


def unstandardise(z, mean, sigma):
    return np.add(np.multiply(z, sigma), mean)


# %% multiply
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import BaggingRegressor
from sklearn.pipeline import make_pipeline


def scaled(**options):
    mlp = MLPRegressor(activation="tanh", random_state=SEED, **options)
    return TransformedTargetRegressor(make_pipeline(StandardScaler(), mlp), transformer=StandardScaler())


pipeline = scaled(hidden_layer_sizes=(32, 32), learning_rate_init=0.01, batch_size=200, max_iter=40, n_iter_no_change=40, alpha=0)
multiply = pipeline.fit(X_train, t_train).predict

# %% mse-in-range
from sklearn.metrics import mean_squared_error, r2_score


def mse_in_range(low, high, n, rng):
    X = np.column_stack([rng.uniform(low, high, size=n) for _ in range(4)])
    t = np.prod(X, axis=1)
    y = multiply(X)
    return mean_squared_error(t, y), 1 - r2_score(t, y)


# %% ensemble
def member_predictions(X):
    return np.vstack([member.predict(X) for member in bagging.estimators_])


def ensemble(X):
    return bagging.predict(X)


# Cada red se entrena con filas sacadas al azar, con repetición.
bagging = BaggingRegressor(scaled(hidden_layer_sizes=(24,), solver="lbfgs", max_iter=150), n_estimators=3, random_state=SEED)
bagging.fit(X_train[:3000], t_train[:3000])
