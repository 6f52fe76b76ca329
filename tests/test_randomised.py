"""Random weights in the place of what has been learnt, in networks of scikit-learn and in those written in NumPy."""

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from grader.randomised import randomised

X = np.random.default_rng(0).uniform(0, 1, (60, 4))
W = [np.full((4, 3), 0.2), np.full((3, 5), 0.3), np.full((5, 1), 0.4)]


def through(layers):
    values = X
    for layer in layers:
        values = np.tanh(values @ layer)
    return values


def held(kind, layers):
    """Return a notebook's names in which the layers lie, and a function of these names that answers with them."""
    if kind == "list":
        return {"weights": layers}, lambda names: through(names["weights"])
    if kind == "dict of lists":
        return {"network": {"W": layers, "b": []}}, lambda names: through(names["network"]["W"])
    if kind == "transposed":
        return {"weights": [w.T.copy() for w in layers]}, lambda names: through([w.T for w in names["weights"]])
    own = type("Own", (), {"__module__": "__main__"})()
    own.first, own.second, own.last, own.rows = *layers, None
    return {"own": own}, lambda names: through([names["own"].first, names["own"].second, names["own"].last])


@pytest.mark.parametrize("kind", ["list", "dict of lists", "transposed", "object"])
def test_a_network_in_numpy_answers_at_random_and_then_as_before(kind):
    names, answer = held(kind, [w.copy() for w in W])
    before = answer(names)
    with randomised(names, 1):
        once = answer(names)
    with randomised(names, 2):
        again = answer(names)
    assert not np.isclose(once, before).any() and not np.isclose(once, again).any()
    assert (answer(names) == before).all()


def test_tables_and_coefficients_stay_as_they_are():
    names = {
        "X": X,
        "t": X.prod(axis=1),
        "data": (X, X.prod(axis=1)),
        "parts": [X, X[:, :2]],
        "w": np.ones(4),
        "one": [np.eye(4)],
    }
    kept = {name: np.array(names[name]) for name in ("X", "t", "w", "one")}
    with randomised(names, 1):
        assert all((np.array(names[name]) == value).all() for name, value in kept.items())


def test_a_network_of_scikit_learn_gets_its_own_weights_back():
    network = MLPRegressor(hidden_layer_sizes=(3,), max_iter=300, random_state=0).fit(X, X.sum(axis=1))
    before = network.predict(X)
    with randomised({"network": network}, 1):
        assert not np.isclose(network.predict(X), before).any()
    assert (network.predict(X) == before).all()
