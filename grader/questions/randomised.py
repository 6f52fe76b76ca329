"""Random weights, for one question, in the place of what the networks of a notebook have learnt.

An answer that comes from a network changes with its weights; that of a formula, a table or another model does not. This
is the model parameter randomisation test of Adebayo et al., "Sanity checks for saliency maps" (NeurIPS 2018), turned on
the student's function. It runs on the student's side (grader.questions.student), with the networks alive there.
"""

import contextlib
import functools
import gc
import itertools
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Kept = tuple[Any, NDArray[Any]]
    _Learnt = tuple[Any, list[NDArray[Any]], list[NDArray[Any]]]
    _Copy = tuple[NDArray[Any], NDArray[Any]]

FLOOR = 0.1  # the smallest scale of a random weight: biases often are all 0
MOST_INPUTS = 100  # of a network in NumPy
MAX_PARTS = 200  # of one container, looked through for layers
MAX_OBJECTS = 20_000  # of the notebook's names, and what is in them, looked through for copies of weights


class NotRandomisedError(Exception):
    """The weights of a notebook's networks could not be changed."""


@contextlib.contextmanager
def randomised(names: dict[str, Any], seed: int, inputs: Iterable[int] = ()) -> Iterator[None]:
    """Give every weight of every Keras and scikit-learn network random values of its own scale, and then its own back.

    names: the notebook's global names; arrays below them that are copies of a network's weights, as its `get_weights`
    gives them, change with it, and so do those of a network that the student has written in NumPy. seed: of the
    random values; inputs: how many columns what is asked about may have, which tell a first layer from a table.
    Raises NotRandomisedError: an answer that was not asked with random weights must not pass for one.
    """
    try:
        rng = np.random.default_rng(seed)
        kept, learnt, copies = _learnt(names, frozenset(inputs))
    except Exception as error:
        raise NotRandomisedError(type(error).__name__) from error
    try:
        try:
            for variable, value in kept:
                variable.assign(_random(value, rng))
            for model, coefs, biases in learnt:
                _randomise(model, coefs, biases, rng)
            for array, value in copies:
                array[...] = _random(value, rng)
        except Exception as error:
            raise NotRandomisedError(type(error).__name__) from error
        with _whenever_asked(rng, kept):
            yield
    finally:
        for variable, value in kept:
            with contextlib.suppress(Exception):  # of a variable that is gone; the others get theirs
                variable.assign(value)
        for model, coefs, biases in learnt:
            model.coefs_, model.intercepts_ = coefs, biases
        for array, value in copies[::-1]:
            array[...] = value
        with contextlib.suppress(Exception):
            _forget(_below(names))


def _learnt(names: dict[str, Any], inputs: frozenset[int]) -> "tuple[list[_Kept], list[_Learnt], list[_Copy]]":
    """Return what networks have learnt, to give it back: [(variable, value)], [(network of scikit-learn, its weights,
    its biases)], [(array, value)]. Functions forget what they remember."""
    models, perceptrons = _alive("keras", "Layer"), _alive("sklearn.neural_network", "MLPClassifier", "MLPRegressor")
    variables = {id(v): v for model in models for v in _weights(model)}.values()
    kept = [(variable, np.array(variable)) for variable in variables]
    learnt = [(model, model.coefs_, model.intercepts_) for model in perceptrons if hasattr(model, "coefs_")]
    own = [array for _, coefs, biases in learnt for array in (*coefs, *biases)]
    things = list(_below(names))
    found = _arrays(things, [array for _, array in kept] + own, inputs)
    known = {id(variable) for variable, _ in kept}
    kept += [
        (thing, np.array(thing)) for thing in found if not isinstance(thing, np.ndarray) and id(thing) not in known
    ]
    arrays = {id(array): array for array in (*found, *own) if _changeable(array)}
    copies = [(array, array.copy()) for array in arrays.values()]
    _forget(things)
    return kept, learnt, copies


def _forget(things: Iterable[Any]) -> None:
    """Empty the caches of functions (functools.lru_cache): what they remember is of other weights."""
    for thing in things:
        if type(thing) is functools._lru_cache_wrapper:
            thing.cache_clear()


def _alive(module: str, *classes: str) -> list[Any]:
    """Return the living instances of classes of a module, or none if it has not been imported."""
    wanted = _classes(module, *classes)
    # type(), not isinstance: a proxy's __class__ can be anything, and do anything
    return [thing for thing in gc.get_objects() if issubclass(type(thing), wanted)] if wanted else []


def _classes(module: str, *names: str) -> tuple[type[Any], ...]:
    """Return those of a module's classes that there are, none if it has not been imported."""
    parent = sys.modules.get(module)
    parent = getattr(parent, "layers", parent) if module == "keras" else parent
    return tuple(found for name in names if isinstance(found := getattr(parent, name, None), type))


def _weights(model: Any) -> list[Any]:
    """Return a Keras layer's or model's trainable variables; of one that is frozen, all of them."""
    with contextlib.suppress(Exception):  # a student's own subclass may break here in any way
        return list(model.trainable_variables or model.variables)
    return []


def _randomise(model: Any, coefs: "list[NDArray[Any]]", biases: "list[NDArray[Any]]", rng: np.random.Generator) -> None:
    """Give a network of scikit-learn random weights; those that can be changed themselves are among the copies, since a
    notebook may ask them without it."""
    for name, part in (("coefs_", coefs), ("intercepts_", biases)):
        if not all(map(_changeable, part)):  # as joblib maps them into memory
            setattr(model, name, [_random(array, rng) for array in part])


def _random(value: "NDArray[Any]", rng: np.random.Generator) -> "NDArray[Any]":
    scale = max(float(np.sqrt(np.mean(np.square(value, dtype=float)))), FLOOR) if value.size else FLOOR
    return rng.normal(0, scale, value.shape).astype(value.dtype)


@contextlib.contextmanager
def _whenever_asked(rng: np.random.Generator, kept: "list[_Kept]") -> Iterator[None]:
    """Within it, weights that a function loads or sets before it asks its model are random too.

    Those of a model that is made meanwhile, and may last, are added to `kept`, the (variable, value) to give back.
    """
    model = getattr(sys.modules.get("keras"), "Model", None)
    with contextlib.ExitStack() as patches:
        for perceptron in _classes("sklearn.neural_network", "MLPClassifier", "MLPRegressor"):
            _patch_perceptron(perceptron, rng, patches)
        if model is not None:
            _patch_model(model, rng, kept, patches)
        yield


def _patch_perceptron(perceptron: type[Any], rng: np.random.Generator, patches: contextlib.ExitStack) -> None:
    predict = perceptron.predict

    @functools.wraps(predict)
    def predict_at_random(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not hasattr(self, "coefs_"):
            return predict(self, *args, **kwargs)
        coefs, biases = self.coefs_, self.intercepts_
        self.coefs_, self.intercepts_ = ([_random(array, rng) for array in part] for part in (coefs, biases))
        try:
            return predict(self, *args, **kwargs)
        finally:
            self.coefs_, self.intercepts_ = coefs, biases

    patches.enter_context(patch.object(perceptron, "predict", predict_at_random))


def _patch_model(
    model: type[Any], rng: np.random.Generator, kept: "list[_Kept]", patches: contextlib.ExitStack
) -> None:
    call = model.__call__

    def at_random(self: Any) -> None:
        known = {id(variable) for variable, _ in kept}
        for variable in _weights(self):
            value = np.array(variable)
            kept.extend([] if id(variable) in known else [(variable, value)])
            variable.assign(_random(value, rng))

    def asked_at_random(name: str) -> Callable[..., Any]:
        asked = getattr(model, name)

        @functools.wraps(asked)
        def ask(self: Any, *args: Any, **kwargs: Any) -> Any:
            at_random(self)
            return asked(self, *args, **kwargs)

        return ask

    @functools.wraps(call)
    def call_at_random(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_asked_directly():
            at_random(self)
        return call(self, *args, **kwargs)

    for name in ("predict", "predict_on_batch"):
        patches.enter_context(patch.object(model, name, asked_at_random(name)))
    patches.enter_context(patch.object(model, "__call__", call_at_random))


def _is_asked_directly() -> bool:
    """Tell whether a model that is called is not being traced, as within `predict` and `fit`, whose weights are set."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is None or tensorflow.executing_eagerly()


def _arrays(things: Iterable[Any], weights: "list[NDArray[Any]]", inputs: frozenset[int]) -> list[Any]:
    """Return the writable arrays and variables in `things` that are weights: copies of `weights`, or layers of an own
    network; none of `weights` themselves."""
    own = {id(array) for array in weights}
    found: dict[int, Any] = {}
    known: dict[tuple[int, ...], list[NDArray[Any]]] = {}
    for array in weights:
        known.setdefault(np.shape(array), []).append(array)
    for thing in things:
        alike = known.get(thing.shape, ()) if _changeable(thing) else ()
        if any(np.allclose(thing, array) for array in alike):
            found[id(thing)] = thing
        found |= {id(layer): layer for layer in _layers(thing, inputs)}
    return [array for number, array in found.items() if number not in own]


def _layers(thing: Any, inputs: frozenset[int]) -> list[Any]:
    """Return the matrices in a container or object of which each takes what one before gives: a network in NumPy, or in
    TensorFlow's variables.

    They may lie in pairs with their biases, or in objects, one for each layer, and other arrays between them; the last
    may be a vector, the weights of a single output.
    """
    parts = _inside(thing)[:MAX_PARTS]
    for _ in range(2):  # pairs and objects in it, and what lies in these
        parts = [inner for part in parts for inner in ([part] if _is_weights(part) else _inside(part)[:MAX_PARTS])]
        parts = parts[:MAX_PARTS]
    weights = [part for part in parts if _is_weights(part)]
    matrices = [part for part in weights if len(part.shape) == 2]
    longest = max(_chain(matrices), _chain(matrices, backwards=True), key=len)
    if len(longest) > 1:
        return longest
    # One hidden layer and the weights of a single output. Tables and their statistics have as many columns as inputs.
    first = [matrix for matrix in matrices if matrix.shape[0] in inputs | {n + 1 for n in inputs}]
    sizes = {matrix.shape[1] for matrix in first if matrix.shape[1] > 1} - inputs
    last = [part for part in weights if len(part.shape) == 1 and {part.shape[0], part.shape[0] - 1} & sizes]
    return [*(matrix for matrix in first if matrix.shape[1] in sizes), *last] if last else []


def _chain(matrices: list[Any], *, backwards: bool = False) -> list[Any]:
    """Return the longest row of matrices, in their order, that may be multiplied one by the next; backwards: as their
    transposes."""
    best: list[list[Any]] = []  # of each matrix, the longest row that ends with it
    for matrix in matrices:
        comes = matrix.shape[1 if backwards else 0]
        # one row more than that: the biases, as weights of an input that is always 1
        before = [row for row in best if comes in (row[-1].shape[0 if backwards else 1] + more for more in (0, 1))]
        if before or comes <= MOST_INPUTS:  # else it is a table of data
            best.append([*max(before, key=len, default=[]), matrix])
    return max(best, key=len, default=[])


def _is_weights(thing: Any) -> bool:
    return _changeable(thing) or _is_variable(thing)


def _is_variable(thing: Any) -> bool:
    """Tell whether it is a trainable variable of TensorFlow or Keras with real numbers."""
    kind = type(thing)
    if not hasattr(kind, "assign"):  # most of what is looked through are numbers
        return False
    ours = [getattr(sys.modules.get(module), "Variable", None) for module in ("tensorflow", "keras")]
    return any(isinstance(one, type) and issubclass(kind, one) for one in ours) and "float" in str(thing.dtype)


def _changeable(thing: Any) -> bool:
    return type(thing) in (np.ndarray, np.matrix) and thing.flags.writeable and thing.dtype.kind == "f"


def _below(names: dict[str, Any]) -> Iterator[Any]:
    """Go through what the notebook's names hold, directly or in something else."""
    seen: set[int] = set()
    todo = list(names.values())
    while todo and len(seen) < MAX_OBJECTS:
        thing = todo.pop()
        if id(thing) not in seen:
            seen.add(id(thing))
            todo += _inside(thing)
            yield thing


def _inside(thing: Any) -> list[Any]:
    """Return what can be found in a container, a function's closure and defaults, or an object of the notebook's;
    nothing of one whose own code fails. The notebook's names are no container, whoever holds them: matrices that stand
    beside each other there are no network."""
    main = sys.modules.get("__main__")
    try:
        return [part for part in _parts(thing) if part is not getattr(main, "__dict__", None)]
    except Exception:
        return []


def _parts(thing: Any) -> list[Any]:
    if isinstance(thing, types.FunctionType):
        cells = [cell.cell_contents for cell in thing.__closure__ or () if cell != types.CellType()]
        return [*cells, *(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]
    kind = type(thing)
    if kind is type and _is_own(thing.__module__):
        return list(vars(thing).values())
    if kind is functools.partial:
        return [thing.func, *thing.args, *thing.keywords.values()]
    if kind is np.ndarray and thing.dtype.kind == "O":
        return list(thing.flat[:MAX_OBJECTS])
    if issubclass(kind, list | tuple | set | deque):
        return list(itertools.islice(thing, MAX_OBJECTS))
    if issubclass(kind, Mapping) and kind.__module__ in ("builtins", "collections"):
        return list(itertools.islice(thing.values(), MAX_OBJECTS))
    if kind is types.SimpleNamespace or _is_own(kind.__module__):
        slots = [name for one in kind.__mro__ for name in one.__dict__.get("__slots__", ()) if isinstance(name, str)]
        return [*getattr(thing, "__dict__", {}).values(), *(getattr(thing, name, None) for name in slots)]
    return []


@functools.lru_cache(maxsize=1000)
def _is_own(module: str) -> bool:
    """Tell whether a module is the notebook, or was handed in with it."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return module == "__main__" or (isinstance(file, str) and Path(file).resolve().is_relative_to(Path.cwd()))
