"""Plain data between the hidden tests and a student's notebook: values to JSON and back, never pickle.

`encode` runs on the side that sends, `decode` on the side that receives. What a notebook sends is not
trusted: `decode` accepts only the shapes of message listed here and raises `WireError` for all else.

JSON forms
----------
null, true, 3, "text", [..]           as in JSON; finite floats too
{"$": "float", "v": "nan"}            a float that JSON lacks: nan, inf, -inf
{"$": "dict", "v": [[key, value]..]}  a mapping with string or integer keys
{"$": "array", "dtype", "shape", "v"} a numeric array, its bytes (little endian, C order) in base64
{"$": "frame", "columns": [[name, value]..]}  a pandas DataFrame, index left out (questions; in answers, an array)
{"$": "generator", "v": state}        a NumPy random generator in its present state (questions only)
{"$": "name", "v": "np.tanh"}         whatever has this name in the notebook (questions only)
"""

import base64
import contextlib
import itertools
import json
import math
import numbers
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_BYTES = 16 * 2**20  # of one encoded message
MAX_ITEMS = 100_000  # of one list, mapping or iterator
MAX_DEPTH = 20
DTYPES = {"|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"}


class WireError(ValueError):
    """A value that cannot cross between notebook and tests; the message is Spanish, for the student."""


class Name:
    """Stands for whatever has this dotted name in the notebook, as an argument of a question."""

    def __init__(self, path: str) -> None:
        self.path = path


def encode(value: Any, depth: int = 0, frames: bool = True) -> Any:
    """Return the JSON form of `value` (module docstring). Raises WireError if it has none.

    frames: whether a DataFrame crosses as such; if not, as the array of its values.
    """
    if depth > MAX_DEPTH:
        raise WireError("hay demasiados niveles de listas dentro de listas")
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) or (isinstance(value, (numbers.Real, Decimal)) and not isinstance(value, np.generic)):
        number = float(value)
        return number if math.isfinite(number) else {"$": "float", "v": repr(number)}
    if isinstance(value, Name):
        return {"$": "name", "v": value.path}
    if isinstance(value, np.random.Generator):
        return {"$": "generator", "v": encode(value.bit_generator.state, depth + 1)}
    if isinstance(value, Mapping):
        pairs = list(itertools.islice(value.items(), MAX_ITEMS + 1))
        if len(pairs) > MAX_ITEMS or not all(isinstance(key, (str, numbers.Integral)) for key, _ in pairs):
            raise WireError("el diccionario es demasiado grande o sus claves no son texto ni enteros")
        return {
            "$": "dict",
            "v": [[key if isinstance(key, str) else int(key), encode(item, depth + 1, frames)] for key, item in pairs],
        }
    if frames and hasattr(value, "columns") and hasattr(value, "iloc"):
        return {
            "$": "frame",
            "columns": [[str(c), encode(value[c].to_numpy(), depth + 1)] for c in value.columns],
        }
    if hasattr(value, "toarray"):  # a sparse matrix
        value = value.toarray()
    if hasattr(value, "__array__"):
        return _encode_array(np.asarray(value), depth)
    items = _items(value)
    if items is None:
        raise WireError(f"un objeto de tipo «{type(value).__name__}» no son números, texto, listas ni arrays")
    return [encode(item, depth + 1, frames) for item in items]


def listed(value: Any) -> Any:
    """Return `value`, or if it can be gone through only once, as a generator, the list of what it gives."""
    return _items(value) if isinstance(value, Iterator) else value


def _items(value: Any) -> list[Any] | None:
    """Return the items of whatever can be iterated as a list, None of anything else.

    What has a length, as keras.utils.PyDataset, ends there, though its items may go on. Raises WireError if they are
    too many, and whatever the iteration raises.
    """
    kind = type(value)
    if not (hasattr(kind, "__iter__") or (hasattr(kind, "__getitem__") and hasattr(kind, "__len__"))):
        return None
    length = MAX_ITEMS + 1
    with contextlib.suppress(TypeError):  # no length, or one that is not known
        length = min(len(value), length)
    try:
        items = list(itertools.islice(value, length))
    except TypeError:
        if isinstance(value, type):  # a class that says how its instances are iterated
            return None
        raise
    if len(items) > MAX_ITEMS:
        raise WireError(f"hay más de {MAX_ITEMS} elementos; ¿termina el bucle que los produce?")
    return items


def _encode_array(array: "NDArray[Any]", depth: int) -> Any:
    if array.nbytes > MAX_BYTES // 2:
        raise WireError(f"el array es demasiado grande: {array.nbytes} bytes, forma {array.shape}")
    if array.dtype.kind in "OUS":
        return encode(array.tolist(), depth)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:  # np.longdouble
        array = array.astype(np.float64)
    elif array.dtype.kind == "V" and array.dtype.names is None and np.can_cast(array.dtype, np.float32):  # bfloat16
        array = array.astype(np.float32)
    dtype = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
    if dtype.str not in DTYPES:
        raise WireError(f"un array de tipo «{array.dtype}» no son números reales")
    if array.ndim == 0:
        return encode(array.item(), depth)
    data = np.ascontiguousarray(array, dtype).tobytes()
    return {
        "$": "array",
        "dtype": dtype.str,
        "shape": list(array.shape),
        "v": base64.b64encode(data).decode(),
    }


def decode(form: Any, resolve: Callable[[str], Any] | None = None, depth: int = 0) -> Any:
    """Return the value of a JSON form; arrays come back as fresh, writable NumPy arrays.

    resolve: callable from a dotted name to an object, where forms of questions (name, generator, frame)
    are allowed; None, as for answers, refuses them. Raises WireError.
    """
    if depth > MAX_DEPTH:
        raise WireError("hay demasiados niveles de listas dentro de listas")
    if form is None or isinstance(form, (bool, int, float, str)):
        return form
    if isinstance(form, list):
        return [decode(item, resolve, depth + 1) for item in form]
    try:
        kind = form["$"]
        if kind == "float":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[form["v"]]
        if kind == "dict":
            return {key: decode(item, resolve, depth + 1) for key, item in form["v"]}
        if kind == "array":
            return _decode_array(form)
        if resolve is not None and kind == "name":
            return resolve(form["v"])
        if resolve is not None and kind == "generator":
            state = decode(form["v"], resolve, depth + 1)
            bits = getattr(np.random, state["bit_generator"])()
            bits.state = state
            return np.random.Generator(bits)
        if resolve is not None and kind == "frame":
            import pandas as pd

            return pd.DataFrame({name: decode(column, resolve, depth + 1) for name, column in form["columns"]})
    except (KeyError, TypeError, AttributeError) as error:
        raise WireError("mensaje mal formado") from error
    raise WireError("mensaje mal formado")


def _decode_array(form: dict[str, Any]) -> "NDArray[Any]":
    dtype, shape = form["dtype"], form["shape"]
    if dtype not in DTYPES or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
        raise WireError("mensaje mal formado")
    try:
        data = base64.b64decode(form["v"], validate=True)
        if len(data) != math.prod(shape) * np.dtype(dtype).itemsize:
            raise ValueError("length")
        return np.frombuffer(data, dtype).reshape(shape).copy()
    except ValueError as error:
        raise WireError("mensaje mal formado") from error


def dumps(value: Any, frames: bool = True) -> str:
    """Return `value` as JSON text of at most MAX_BYTES characters; frames: see `encode`. Raises WireError."""
    text = json.dumps(encode(value, frames=frames), allow_nan=False)
    if len(text) > MAX_BYTES:
        raise WireError(f"los datos ocupan {len(text)} bytes; el máximo es {MAX_BYTES}")
    return text


def loads(text: str, resolve: Callable[[str], Any] | None = None) -> Any:
    """Return the value of JSON text made by `dumps`. Raises WireError for anything else."""
    if len(text) > MAX_BYTES:
        raise WireError(f"los datos ocupan {len(text)} bytes; el máximo es {MAX_BYTES}")
    try:
        return decode(json.loads(text, parse_constant=lambda name: 1 / 0), resolve)
    except (ValueError, RecursionError, ArithmeticError) as error:
        if isinstance(error, WireError):
            raise
        raise WireError("mensaje mal formado") from error
