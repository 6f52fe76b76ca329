"""Random weights in the place of what has been learnt, in networks of scikit-learn and in those written in NumPy."""

import pickle
import sys
import types
from collections import OrderedDict, namedtuple
from functools import lru_cache, partial

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.neural_network import MLPRegressor

from grader.questions.randomised import NotRandomisedError, _arrays, _below, randomised

X = np.random.default_rng(0).uniform(0, 1, (60, 4))
X8 = np.full((4, 8), 0.2)
W = [np.full((4, 3), 0.2), np.full((3, 5), 0.3), np.full((5, 1), 0.4)]


def through(layers):
    values = X
    for layer in layers:
        values = np.tanh(values @ layer)
    return values


class Layer:
    """A student's layer, of a network in NumPy."""

    __slots__ = ("W", "b", "h")

    def __init__(self, W):
        self.W, self.b, self.h = W, np.zeros((1, W.shape[1])), None


def network_with_memory(layers):
    """Return an object that keeps what its layers last answered and their gradients, beside its weights."""
    own = types.SimpleNamespace()
    for n, W in enumerate(layers):
        setattr(own, f"W{n}", W)
        setattr(own, f"b{n}", np.zeros((1, W.shape[1])))
        setattr(own, f"dW{n}", np.zeros_like(W))
        setattr(own, f"H{n}", np.zeros((60, W.shape[1])))
    return own


Layer.__module__ = "__main__"
Pair = namedtuple("Pair", "W b")
STRUCTURES = {
    "pairs": lambda layers: [(W, np.zeros(W.shape[1])) for W in layers],
    "pairs with rows": lambda layers: [[W, np.zeros((1, W.shape[1]))] for W in layers],
    "named pairs": lambda layers: [Pair(W, None) for W in layers],
    "layers": lambda layers: [Layer(W) for W in layers],
    "memory": network_with_memory,
    "deep": lambda layers: [types.SimpleNamespace(params={"W": W, "b": np.zeros(W.shape[1])}) for W in layers],
    "bias in the matrix": lambda layers: [np.vstack([np.zeros((1, W.shape[1])), W]) for W in layers],
    "vector": lambda layers: [X8.copy(), np.zeros(8), np.full(8, 0.4), 0.1],
    "only a vector": lambda layers: [X8.copy(), np.full(8, 0.4)],
    "biases in both": lambda layers: [np.vstack([np.zeros(8), X8]), np.concatenate([[0], np.full(8, 0.4)])],
    "array of objects": lambda layers: np.array([*layers, None], dtype=object),
    "matrices": lambda layers: [np.matrix(layer) for layer in layers],
    "TensorFlow": lambda layers: [tf.Variable(W) for W in layers],
    "of a class": lambda layers: type("Red", (), {"__module__": "__main__", "layers": layers}),
    "ordered": lambda layers: OrderedDict((f"W{n}", W) for n, W in enumerate(layers)),
    "partial": lambda layers: partial(print, *layers),
}
READERS = {
    "pairs": lambda network: [W for W, _ in network],
    "pairs with rows": lambda network: [W for W, _ in network],
    "named pairs": lambda network: [pair.W for pair in network],
    "layers": lambda network: [layer.W for layer in network],
    "memory": lambda network: [network.W0, network.W1, network.W2],
    "deep": lambda network: [layer.params["W"] for layer in network],
    "bias in the matrix": lambda network: [W[1:] for W in network],
    "vector": lambda network: [network[0], network[2][:, None]],
    "only a vector": lambda network: [network[0], network[1][:, None]],
    "biases in both": lambda network: [network[0][1:], network[1][1:, None]],
    "array of objects": lambda network: list(network[:-1]),
    "matrices": lambda network: [np.asarray(layer) for layer in network],
    "TensorFlow": lambda network: [W.numpy() for W in network],
    "of a class": lambda network: network.layers,
    "ordered": lambda network: list(network.values()),
    "partial": lambda network: list(network.args),
}


def held(kind, layers):
    """Return a notebook's names in which the layers lie, and a function of these names that answers with them."""
    if kind == "list":
        return {"weights": layers}, lambda names: through(names["weights"])
    if kind == "dict of lists":
        return {"network": {"W": layers, "b": []}}, lambda names: through(names["network"]["W"])
    if kind in STRUCTURES:
        network = STRUCTURES[kind](layers)
        return {"network": network}, lambda names: through(READERS[kind](names["network"]))
    if kind == "transposed":
        return {"weights": [w.T.copy() for w in layers]}, lambda names: through([w.T for w in names["weights"]])
    own = type("Own", (), {"__module__": "__main__"})()
    own.first, own.second, own.last, own.rows = *layers, None
    return {"own": own}, lambda names: through([names["own"].first, names["own"].second, names["own"].last])


@pytest.mark.parametrize("kind", ["list", "dict of lists", "transposed", "object", *STRUCTURES])
def test_a_network_in_numpy_answers_at_random_and_then_as_before(kind):
    names, answer = held(kind, [w.copy() for w in W])
    before = answer(names)
    with randomised(names, 1, {4}):
        once = answer(names)
    with randomised(names, 2, {4}):
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
    held = {  # what is no network is nothing of one, whatever lies together
        "statistics": [X[:10], X.mean(axis=0), X.std(axis=0)],
        "head": [X[:5], X.mean(axis=0), X.std(axis=0)],
        "product table": [np.linspace(0, 10, 60), np.linspace(0, 10, 60), np.ones((60, 60))],
        "polynomial": [np.ones((70, 4)), X.mean(axis=0), X.std(axis=0), np.ones(70)],
        "logarithms": [np.zeros(4), np.ones(4), np.zeros(1), np.ones(1), np.ones((4, 1))],
        "centres": [np.ones((100, 4)), np.zeros(4), np.ones(4)],
        "design": [np.ones((200, 9)), np.ones((10, 1))],
    }
    names |= {f"{name} {n}": part for name, parts in held.items() for n, part in enumerate(parts)} | held
    kept = {name: np.array(value) for name, value in names.items() if isinstance(value, np.ndarray)}
    with randomised(names, 1, {4}):
        assert not [name for name, value in kept.items() if not (names[name] == value).all()]


def test_a_network_of_scikit_learn_gets_its_own_weights_back():
    network = MLPRegressor(hidden_layer_sizes=(3,), max_iter=300, random_state=0).fit(X, X.sum(axis=1))
    before = network.predict(X)
    with randomised({"network": network}, 1):
        assert not np.isclose(network.predict(X), before).any()
    assert (network.predict(X) == before).all()


def test_weights_of_scikit_learn_are_random_without_its_network_too():
    """A notebook that asks them itself, and one that loads a network within its answer."""
    network = MLPRegressor(hidden_layer_sizes=(3,), max_iter=300, random_state=0).fit(X, X.sum(axis=1))
    stored, (first, last) = pickle.dumps(network), network.coefs_
    before, by_hand = network.predict(X), np.tanh(X @ first) @ last
    with randomised({"first": first, "last": last}, 1):
        assert not np.isclose(np.tanh(X @ first) @ last, by_hand).any()
        assert not np.isclose(pickle.loads(stored).predict(X), before).any()
    assert (network.predict(X) == before).all() and (np.tanh(X @ first) @ last == by_hand).all()
    assert MLPRegressor.predict.__name__ == "predict" and not hasattr(MLPRegressor.predict, "__wrapped__")


def test_a_keras_model_that_is_called_or_remembered_answers_at_random():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(1)])
    weights = network.get_weights()

    def loaded(in_batch=False):
        made = keras.models.clone_model(network)
        made.set_weights(weights)
        assert keras.Model.predict.__name__ == "predict"  # nothing to be seen by
        return made.predict_on_batch(X) if in_batch else np.asarray(made(X.astype("float32"), training=False))

    @lru_cache
    def remembered(row):
        return float(np.ravel(network.predict(X[row : row + 1], verbose=0))[0])

    names = {"network": network, "remembered": remembered}
    before, row = loaded(), remembered(0)
    with randomised(names, 1):
        assert not np.isclose(loaded(), before).any() and not np.isclose(remembered(0), row)
        assert not np.isclose(loaded(in_batch=True), before).any()
        network.compile(loss="mse")
        network.fit(X, X[:, :1], verbose=0)  # what is traced asks with the weights that there are
    assert "__call__" not in vars(keras.Model)
    assert np.allclose(loaded(), before) and np.isclose(remembered(0), row)


class Hostile(list):
    """What cannot be gone through."""

    def __iter__(self):
        raise RuntimeError


def test_an_object_that_fails_hides_no_network():
    failing = type("Failing", (), {"__module__": "__main__", "__dict__": property(lambda self: 1 / 0)})()
    names, answer = held("list", [w.copy() for w in W])
    before = answer(names)
    with randomised({"a": Hostile([1]), "b": failing, **names}, 1):
        assert not np.isclose(answer(names), before).any()


def test_weights_that_cannot_be_changed_are_said(monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", lambda seed: 1 / 0)
    with pytest.raises(NotRandomisedError, match="ZeroDivisionError"), randomised({}, 1):
        pass


def test_the_names_of_the_notebook_are_no_network_whoever_holds_them(monkeypatch):
    main = types.ModuleType("__main__")
    main.slopes, main.output_weights = np.ones((1, 60)), np.ones(60)

    def holds(names):
        return names

    holds.__defaults__ = (vars(main),)
    main.holds = holds
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert not _arrays(_below({"holds": holds}), [], {1})
    main.network = [main.slopes, main.output_weights]
    assert len(_arrays(_below(vars(main)), [], {1})) == 2
