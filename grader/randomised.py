"""Random weights, for one question, in the place of what the networks of a notebook have learnt.

An answer that comes from a network changes with its weights; that of a formula, a table or another model does not. This
is the model parameter randomisation test of Adebayo et al., "Sanity checks for saliency maps" (NeurIPS 2018), turned on
the student's function. It runs on the student's side (grader.student), with the networks that are alive there.
"""

import contextlib
import gc
import itertools
import sys
import types
from collections.abc import Mapping

import numpy as np

FLOOR = 0.1  # the smallest scale of a random weight: biases often are all 0
MAX_OBJECTS = 20_000  # of the notebook's names, and what is in them, looked through for copies of weights


@contextlib.contextmanager
def randomised(names, seed):
    """Give every weight of every Keras and scikit-learn network random values of its own scale, and then its own back.

    names: the notebook's global names; arrays below them that are copies of a network's weights, as its `get_weights`
    gives them, change with it, and so do those of a network that the student has written in NumPy. seed: of the
    random values.
    """
    rng = np.random.default_rng(seed)
    models, perceptrons = _alive("keras", "Layer"), _alive("sklearn.neural_network", "MLPClassifier", "MLPRegressor")
    variables = {id(v): v for model in models for v in _weights(model)}.values()
    kept = [(variable, np.array(variable)) for variable in variables]
    learnt = [(model, model.coefs_, model.intercepts_) for model in perceptrons if hasattr(model, "coefs_")]
    arrays = [array for _, array in kept] + [array for _, coefs, biases in learnt for array in (*coefs, *biases)]
    copies = [(array, array.copy()) for array in _arrays(names, arrays)]
    try:
        for variable, value in kept:
            variable.assign(_random(value, rng))
        for model, coefs, biases in learnt:
            model.coefs_, model.intercepts_ = ([_random(array, rng) for array in part] for part in (coefs, biases))
        for array, value in copies:
            array[...] = _random(value, rng)
        with _whenever_asked(rng, kept):
            yield
    finally:
        for variable, value in kept:
            with contextlib.suppress(Exception):  # of a variable that is gone; the others get theirs
                variable.assign(value)
        for model, coefs, biases in learnt:
            model.coefs_, model.intercepts_ = coefs, biases
        for array, value in copies:
            array[...] = value


def _alive(module, *classes):
    """Return the living instances of classes of a module, or none if it has not been imported."""
    parent = sys.modules.get(module)
    parent = getattr(parent, "layers", parent) if module == "keras" else parent
    wanted = tuple(found for name in classes if isinstance(found := getattr(parent, name, None), type))
    # type(), not isinstance: a proxy's __class__ can be anything, and do anything
    return [thing for thing in gc.get_objects() if issubclass(type(thing), wanted)] if wanted else []


def _weights(model):
    """Return a Keras layer's or model's trainable variables; of one that is frozen, all of them."""
    with contextlib.suppress(Exception):  # a student's own subclass may break here in any way
        return list(model.trainable_variables or model.variables)
    return []


def _random(value, rng):
    scale = max(float(np.sqrt(np.mean(np.square(value, dtype=float)))), FLOOR) if value.size else FLOOR
    return rng.normal(0, scale, value.shape).astype(value.dtype)


@contextlib.contextmanager
def _whenever_asked(rng, kept):
    """Within it, weights that a function loads or sets before it asks its model are random too.

    Those of a model that is made meanwhile, and may last, are added to `kept`, the (variable, value) to give back.
    """
    model = getattr(sys.modules.get("keras"), "Model", None)
    if model is None:
        yield
        return
    predict = model.predict

    def predict_at_random(self, *args, **kwargs):
        known = {id(variable) for variable, _ in kept}
        for variable in _weights(self):
            value = np.array(variable)
            kept.extend([] if id(variable) in known else [(variable, value)])
            variable.assign(_random(value, rng))
        return predict(self, *args, **kwargs)

    model.predict = predict_at_random
    try:
        yield
    finally:
        model.predict = predict


def _arrays(names, weights):
    """Return the writable arrays below `names` that are weights: copies of `weights`, or layers of an own network."""
    own, found, known = {id(array) for array in weights}, {}, {}
    for array in weights:
        known.setdefault(np.shape(array), []).append(array)
    for thing in _below(names):
        alike = known.get(thing.shape, ()) if _changeable(thing) else ()
        if any(np.allclose(thing, array) for array in alike):
            found[id(thing)] = thing
        found |= {id(layer): layer for layer in _layers(thing)}
    return [array for number, array in found.items() if number not in own]


def _layers(thing):
    """Return the matrices in a container or object if each takes what the one before gives: a network in NumPy."""
    matrices = [part for part in _inside(thing) if _changeable(part) and part.ndim == 2]
    pairs = [(a.shape, b.shape) for a, b in itertools.pairwise(matrices)]
    chained = all(a[1] == b[0] for a, b in pairs) or all(a[0] == b[1] for a, b in pairs)
    return matrices if pairs and chained else []


def _changeable(thing):
    return type(thing) is np.ndarray and thing.flags.writeable and thing.dtype.kind == "f"


def _below(names):
    """Go through what the notebook's names hold, directly or in something else."""
    seen, todo = set(), list(names.values())
    while todo and len(seen) < MAX_OBJECTS:
        thing = todo.pop()
        if id(thing) not in seen:
            seen.add(id(thing))
            todo += _inside(thing)
            yield thing


def _inside(thing):
    """Return what can be found in a container, a function's closure and defaults, or an object of the notebook's."""
    if isinstance(thing, types.FunctionType):
        cells = [cell.cell_contents for cell in thing.__closure__ or () if cell != types.CellType()]
        return [*cells, *(thing.__defaults__ or ())]
    if type(thing) in (list, tuple, set):
        return list(thing)[:MAX_OBJECTS]
    if isinstance(thing, Mapping) and type(thing).__module__ == "builtins":
        return list(thing.values())[:MAX_OBJECTS]
    if type(thing).__module__ == "__main__":
        return list(getattr(thing, "__dict__", {}).values())
    return []
