"""`student`: the one object through which hidden tests talk to a student's notebook.

    from grader import numbers, student

    y = numbers(student.multiply(X), (2000,), "multiply(X)")   # call a function of the notebook
    history = student["history.history"]                       # fetch a value
    student.layer(X, W, theta, student.heaviside)              # pass something of the notebook by its name

    randomised(student.multiply, X)                            # answers of networks that have learnt nothing

A dotted path reaches into objects (`student.model.predict(X, verbose=0)`). Questions and answers are
plain data (see `wire`): what arrives is a copy, and an answer is never the student's own object.
Everything that goes wrong on the student's side is raised as `StudentError` with a Spanish message.
A question is answered under clean conditions, whatever the notebook has set: NumPy's errors and warnings silent,
its printing, the locale and the working folder as they were at the start.

Where the notebook lives is settled by `answering`: by default it is the IPython session that runs the
cell (JupyterLab, `nbgrader validate`, plain nbgrader); the grader puts a remote notebook in its place.
"""

import ast
import builtins
import contextlib
import contextvars
import inspect
import io
import linecache
import locale
import logging
import os
import random
import sys
import textwrap
import traceback
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..questions import wire
from .randomised import NotRandomisedError
from .randomised import randomised as _randomised

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PRINTING, _LOCALE = np.get_printoptions(), locale.setlocale(locale.LC_ALL)
_FOLDER: Path | None = None
_MODULES = frozenset({"np", "plt", "pd", "keras"})  # as the course's notebooks call them


class StudentError(AssertionError):
    """What is wrong with the student's part of a question or answer, in Spanish."""


class Notebook(Protocol):
    """What answers questions: the notebook in whose kernel a test runs, or a remote one."""

    def ask(
        self, path: str, args: tuple[Any, ...] | None, kwargs: dict[str, Any] | None, seed: int | None = None
    ) -> Any: ...


class Student:
    """The running notebook: attributes are questions, items are values (module docstring)."""

    def __getattr__(self, name: str) -> "Question":
        if name.startswith("_"):  # copy, pickle and IPython probe for such names
            raise AttributeError(name)
        return Question(name)

    def __getitem__(self, path: str) -> Any:
        return _current().ask(path, None, None)


class Question(wire.Name):
    """A dotted name in the notebook, ready to be called with plain data."""

    def __getattr__(self, name: str) -> "Question":
        if name.startswith("_"):
            raise AttributeError(name)
        return Question(f"{self.path}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _current().ask(self.path, args, kwargs)


class _WeightsError(StudentError):
    """The notebook did not let its networks' weights be changed."""


def randomised(question: Question, *args: Any, draws: int = 3, **kwargs: Any) -> list[Any]:
    """Ask `question`, as `student.multiply`, while every network of the notebook has random weights.

    Returns a list of `draws` answers, each with other weights; None where the student's function fails with them. An
    answer that comes from a network is another one then (see grader.questions.randomised). In between, at random, it
    is asked with the notebook's own weights: the same, and once the same rows disguised. Raises StudentError if it
    then fails or does not answer alike: it would be no wonder, with random weights, either.
    """
    answers: list[Any] = []
    own: list[Any] = []
    order: list[tuple[tuple[Any, ...], int | None]]
    order = [(args, seed) for seed in range(1, draws + 1)] + [(args, None)] * draws
    disguise = _disguised(args)
    order += [(disguise, None)] if disguise else []
    random.shuffle(order)
    for asked, seed in order:
        try:
            answer = _current().ask(question.path, asked, kwargs, seed=seed)
        except StudentError as error:
            if seed is None or isinstance(error, _WeightsError):
                raise
            answer = None
        if seed is None:
            own.append(_turned(answer, len(asked[0])) if asked is disguise else answer)
        else:
            answers.append(answer)
    if not all(_alike(own[0], answer) for answer in own[1:]):
        raise StudentError(f"`{question.path}` no responde lo mismo cuando se le pregunta otra vez lo mismo.")
    return answers


def _disguised(args: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Return arguments of which the first, an array or frame of numbers, has its rows in reverse and moved by less than
    a network takes note of; None if it has none."""
    X: Any = args[0] if args else None
    if hasattr(X, "iloc"):
        X = X.iloc[::-1].reset_index(drop=True)
        return (X * (1 + 1e-6 * np.random.uniform(-1, 1, X.shape)), *args[1:]) if X.ndim == 2 else None
    if isinstance(X, np.ndarray) and X.ndim in (1, 2) and X.dtype.kind == "f" and len(X) > 1:
        return (X[::-1] * (1 + 1e-6 * np.random.uniform(-1, 1, X.shape)), *args[1:])
    return None


def _turned(answer: Any, rows: int) -> Any:
    """Return an answer on so many rows with these in reverse."""
    try:
        array = np.asarray(answer)
        axis = next(n for n in reversed(range(array.ndim)) if array.shape[n] == rows)
    except (StopIteration, ValueError):
        return answer
    return np.flip(array, axis)


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two answers are the same but for a little: numbers to a hundredth of what they are like, others for
    nine of ten."""
    try:
        a, b = np.asarray(one), np.asarray(other)
        if a.shape != b.shape:
            return False
        if a.dtype.kind in "f" and b.dtype.kind in "f":
            a, b = a.astype(float), b.astype(float)
            return bool(np.nanmean(np.abs(a - b)) <= 0.01 * np.nanmean(np.abs(a)) + 1e-9) or not np.isfinite(a).any()
        return bool(np.mean(a == b) >= 0.9) if a.size else True
    except (TypeError, ValueError):
        same: bool = one == other
        return same


class LocalNotebook:
    """The notebook in whose kernel the test itself runs."""

    def ask(
        self, path: str, args: tuple[Any, ...] | None, kwargs: dict[str, Any] | None, seed: int | None = None
    ) -> Any:
        from IPython import get_ipython

        shell = get_ipython()
        names = shell.user_ns if shell is not None else sys.modules["__main__"].__dict__
        return unpack(path, answer(names, question(path, args, kwargs, seed)))


def question(path: str, args: tuple[Any, ...] | None, kwargs: dict[str, Any] | None, seed: int | None = None) -> str:
    """Return a question as `answer` reads it; seed: of random weights for the notebook's networks, None: its own."""
    return wire.dumps({"path": path, "args": args, "kwargs": kwargs, "seed": seed})


def answer(names: dict[str, Any], text: str, stopped: Callable[[str | None], str] | None = None) -> str:
    """Answer a question on the student's side, in silence; return the reply as JSON text.

    names: the notebook's global names. text: what `question` returns; its "args" and "kwargs" are null to
    fetch a value. stopped: a function of a name that tells, in Spanish, how the cell that gives it has stopped; "" if
    none has. The reply is {"value": ...} or {"problem": kind, "detail": text}; nothing is raised.
    """
    stopped = stopped or (lambda name: "")
    with _silence(), _conditions():
        try:
            asked = _read(names, text)
            with (
                contextlib.nullcontext() if asked["seed"] is None else _randomised(names, asked["seed"], _inputs(asked))
            ):
                return wire.dumps({"value": _reply(names, asked, text)}, frames=False)
        except NotRandomisedError as error:
            return wire.dumps({"problem": "weights", "detail": str(error)})
        except _Missing as error:
            name, first = str(error), str(error).split(".")[0]
            why = stopped(first) or (covered_by([first]) if _is_covered(first, names) else "")
            return wire.dumps({"problem": "missing", "detail": f"{name}\n{why}"[:2000]})
        except wire.WireError as error:
            return wire.dumps({"problem": "answer", "detail": str(error)})
        except BaseException as error:  # SystemExit, KeyboardInterrupt too: it is the student's function that failed
            return wire.dumps(_problem(error, stopped))


def _inputs(asked: dict[str, Any]) -> set[int]:
    """Return how many columns there are in what a question is about; of what has one dimension, 1."""
    return {np.shape(value)[-1] if np.ndim(value) > 1 else 1 for value in asked["args"] or ()}


def _problem(error: BaseException, stopped: Callable[[str | None], str]) -> dict[str, str]:
    """Return the reply to a question that ended in an error, with the line of the student's that it comes from."""
    steps = _own_steps(error)
    text = told(error)
    if isinstance(error, NotImplementedError) and (not steps or steps[-1][2]):  # and not by a library
        names = [name for name, *_ in steps if not name.startswith("<")]
        if len(set(names)) > 1:
            return {"problem": "not attempted below", "detail": "\n".join(list(dict.fromkeys(names))[-2:])}
        if steps and _has_code(error):
            return {"problem": "raise left", "detail": steps[-1][1][:500]}
        return {"problem": "not attempted", "detail": text[:500]}
    detail = f"{type(error).__name__}: {text[:1000]}"
    if steps:
        detail += f"{'' if text.endswith('.') else '.'} Ha sido en {steps[-1][1]}."
    if isinstance(error, NameError) and (why := stopped(error.name)):
        detail += f" {why}"
    if names := covered(error):
        detail += f" {covered_by(names)}"
    return {"problem": "raised", "detail": detail[:2000]}


def _own_steps(error: BaseException) -> list[tuple[str, str, bool]]:
    """Return [(function, where in words, whether the error was raised just there)] of an error's steps in the
    notebook's cells, and in files of the student's own."""
    steps = []
    with contextlib.suppress(Exception):  # an exception of the student's own can be anything
        frames = list(traceback.walk_tb(error.__traceback__))
        for frame, number in frames:
            code = frame.f_code
            line, path = linecache.getline(code.co_filename, number).strip(), Path(code.co_filename)
            of_cell = not path.exists() and not path.name.startswith("<")
            if line and (of_cell or _is_own(path)):
                where = "su celda" if of_cell else path.name
                name = "la " if code.co_name.startswith("<") else f"{code.co_name}, "
                step = f"{name}línea {number} de {where}: «{line[:200]}»"
                steps.append((code.co_name, step, frame is frames[-1][0]))
    return steps


def _has_code(error: BaseException) -> bool:
    """Tell whether the function that raised an error has statements besides its `raise`."""
    with contextlib.suppress(Exception):
        function: Any  # has a body
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        lines = linecache.getlines(frame.f_code.co_filename)[frame.f_code.co_firstlineno - 1 :]
        [function] = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))).body
        return not all(isinstance(node, ast.Raise | ast.Expr | ast.Pass) for node in function.body)
    return False


def covered_by(names: Iterable[str]) -> str:
    """Return a Spanish sentence on names that the notebook uses for something else."""
    quoted = " y a ".join(f"«{name}»" for name in names)
    return f"Ojo: en tu cuaderno has dado otro valor a {quoted}; cambia ese nombre."


def _is_covered(name: str, names: dict[str, Any]) -> bool:
    """Tell whether a name of a module of the course's, or of a function of Python's, is something else in `names`."""
    value = names.get(name, builtins)
    is_function = callable(vars(builtins).get(name)) and value is not builtins
    return (name in _MODULES and not isinstance(value, types.ModuleType)) or (is_function and not callable(value))


def covered(error: BaseException) -> list[str]:
    """Return the names, three at most, in the student's code of an error's steps that stand for something else in the
    notebook than this code takes them for."""
    found: dict[str, None] = {}
    with contextlib.suppress(Exception):
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_globals.get("__name__") != "__main__":
                continue
            found |= dict.fromkeys(name for name in frame.f_code.co_names if _is_covered(name, frame.f_globals))
    return list(found)[:3]


def _is_own(path: Path) -> bool:
    """Tell whether a file lies in the notebook's folder, and is of no library, nor of this package."""
    folder = _FOLDER or _folder()
    library = "site-packages" in path.parts or path.is_relative_to(Path(__file__).parents[1])
    return folder is not None and path.is_relative_to(folder) and not library


def told(error: BaseException) -> str:
    """Return an exception's text, of a file that is not there in Spanish; a student's own class may have none."""
    try:
        if isinstance(error, FileNotFoundError) and error.filename is not None:
            return f"no está el archivo «{error.filename}»: al corregir solo están los que venían con el cuaderno"
        return str(error)
    except Exception:
        return "(sin texto)"


def _read(names: dict[str, Any], text: str) -> Any:
    return wire.loads(text, resolve=lambda path: _find(names, path))


def _reply(names: dict[str, Any], asked: dict[str, Any], text: str) -> Any:
    """Return the student's own value; asked: what `text` says.

    A file that is not in the notebook's folder may be where the student has gone.
    """
    target = _find(names, asked["path"])
    if asked["args"] is None:
        return target
    gone = _folder()
    try:
        with _within(_FOLDER or gone, gone):
            # iterators are emptied here, so that a file is still looked for in the right place
            return wire.listed(target(*asked["args"], **asked["kwargs"]))
    except FileNotFoundError:
        if gone is None or _FOLDER in (None, gone):
            raise
    again = _read(names, text)  # the arguments may have been changed in place
    return wire.listed(target(*again["args"], **again["kwargs"]))


def _folder() -> Path | None:
    """Return the working folder, None if it has been removed."""
    with contextlib.suppress(OSError):
        return Path.cwd()
    return None


@contextlib.contextmanager
def _within(folder: Path | None, back: Path | None) -> Iterator[None]:
    """Be in `folder`, and then in `back` again; either may be None."""
    if folder is not None:
        os.chdir(folder)
    try:
        yield
    finally:
        if back is not None:
            os.chdir(back)


def settle(folder: Path | None) -> None:
    """Note the notebook's working folder, before any of its cells runs; questions are answered there."""
    global _FOLDER
    _FOLDER = folder


def unpack(path: str, text: str) -> Any:
    """Return the value in a reply made by `answer`, as untrusted text; raise StudentError otherwise."""
    try:
        reply = wire.loads(text)
    except wire.WireError as error:
        raise StudentError(f"La respuesta de `{path}` no se puede leer: {error}.") from None
    if isinstance(reply, dict) and set(reply) == {"value"}:
        return reply["value"]
    if not isinstance(reply, dict) or set(reply) != {"problem", "detail"}:
        raise StudentError(f"La respuesta de `{path}` no se puede leer.")
    detail = str(reply["detail"])
    first, _, second = detail.partition("\n")
    messages = {
        "missing": f"No encuentro `{first}` en tu cuaderno. "
        + (second or "¿Lo has definido con ese nombre exacto, y su celda se ejecuta sin errores?"),
        "not attempted below": f"`{first}` llama a `{second}`, que está sin hacer todavía.",
        "raise left": f"En `{path}` hay código tuyo, pero se llega a {detail}: bórrala, y acaba con return.",
        "not attempted": f"`{path}` está sin hacer todavía. {detail}",
        "answer": f"`{path}` no ha devuelto datos que se puedan corregir: {detail}.",
        "raised": f"`{path}` se ha detenido con un error tuyo: {detail}",
    }
    if reply["problem"] == "weights":
        raise _WeightsError(
            f"No se han podido cambiar los pesos de las redes de tu cuaderno ({detail}): hay un objeto que lo impide."
        )
    raise StudentError(messages.get(reply["problem"], f"La respuesta de `{path}` no se puede leer."))


def numbers(value: Any, shape: tuple[int, ...], name: str) -> "NDArray[np.float64]":
    """Return `value` as a float64 array of exactly `shape`, all finite; raise StudentError otherwise.

    Lists pass for arrays, any real number type will do, and axes of length 1 more or less do not matter:
    (N,) and (N, 1) are the same answer. name: how the message calls the answer, as "multiply(X)".
    """
    wanted = "se esperaba un número" if shape == () else f"se esperaban números con forma {tuple(shape)}"
    if value is None:
        raise StudentError(f"`{name}` es None: ¿falta el `return`? Ahí {wanted}.")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError):
        raise StudentError(
            f"`{name}` es {_sketch(value)}; {wanted}. Mira de qué tipo es y si todas las filas miden lo mismo."
        ) from None
    if [n for n in array.shape if n != 1] != [n for n in shape if n != 1]:
        raise StudentError(f"`{name}` tiene la forma {array.shape}; {wanted}.")
    if not np.isfinite(array).all():
        bad = np.count_nonzero(~np.isfinite(array))
        raise StudentError(
            f"`{name}` contiene {bad} valores que no son finitos (nan o inf). "
            "Suele venir de una división por cero o de números que desbordan."
        )
    return array.reshape(shape)


def _sketch(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} ({text[:60] + '…' if len(text) > 60 else text})"


@contextlib.contextmanager
def answering(notebook: Notebook) -> Iterator[None]:
    """Send the questions of this context to `notebook`, an object with `ask(path, args, kwargs)`."""
    token = _notebook.set(notebook)
    try:
        yield
    finally:
        _notebook.reset(token)


class _Missing(LookupError):
    pass


def _find(names: dict[str, Any], path: str) -> Any:
    first, *rest = path.split(".")
    if first not in names:
        raise _Missing(first)
    found = names[first]
    for name in rest:
        try:
            found = getattr(found, name)
        except AttributeError:
            raise _Missing(path) from None
    return found


class _Sink(io.TextIOBase):
    """Takes any text and keeps none."""

    encoding, errors = "utf-8", "strict"

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Let nothing reach stdout or stderr, C++ included: nbgrader gives 0 for a graded cell with stderr."""
    level = logging.root.manager.disable
    saved = {}
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            for number in (1, 2):
                saved[number] = os.dup(number)
            null = os.open(os.devnull, os.O_WRONLY)
            for number in saved:
                os.dup2(null, number)
            os.close(null)
        stack.enter_context(contextlib.redirect_stdout(_Sink()))
        stack.enter_context(contextlib.redirect_stderr(_Sink()))
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(level)
            for number, copy in saved.items():
                os.dup2(copy, number)
                os.close(copy)


@contextlib.contextmanager
def _conditions() -> Iterator[None]:
    """Answer under the conditions of a fresh notebook, and give the notebook its own back."""
    own = locale.setlocale(locale.LC_ALL)
    with np.errstate(all="ignore"), np.printoptions(**_PRINTING):
        locale.setlocale(locale.LC_ALL, _LOCALE)
        try:
            yield
        finally:
            locale.setlocale(locale.LC_ALL, own)


def _current() -> Notebook:
    return _notebook.get() or LocalNotebook()


_notebook: contextvars.ContextVar[Notebook | None] = contextvars.ContextVar("notebook", default=None)
student = Student()
