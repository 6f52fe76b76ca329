# %% [raw]
# kind: wrong
# why: a polynomial with scikit-learn's ridge, and a small network whose answer hardly counts
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "no sale de una red entrenada"
#   multiply-test: "no sale de una red entrenada"
#   multiply-rho-test: "no sale de una red entrenada"

# %% multiply
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures


def multiply(X):
    return polynomial.predict(X) + 0.01 * small_network.predict(standardise(X, 5, 3))


polynomial = make_pipeline(StandardScaler(), PolynomialFeatures(4), Ridge(0.1)).fit(X_train, t_train)
small_network = MLPRegressor(hidden_layer_sizes=(8,), max_iter=20, random_state=SEED)
small_network.fit(standardise(X_train, 5, 3), standardise(t_train - polynomial.predict(X_train), 0, 1))
