"""Run the hidden tests of one graded cell in this process (grader.judging: in one that may die), and write the verdict
as nbgrader reads it.

No output: full points. An error output: none. A number as the last value: partial credit.
"""

import ast
import contextlib
import gc
import io
import math
import numbers
import re
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from .notebooks.verdicts import Kind
from .questions.measures import noting
from .questions.student import Notebook, StudentError, answering

RAGGED = (
    "Tu respuesta trae listas de distinta longitud donde se esperaban filas iguales: mira qué devuelve tu función, y "
    "si falta juntar sus partes, con `np.concatenate` por ejemplo."
)
LENGTH = 5000  # characters of a message; a test may quote an answer in it
# In a student's text: escape codes, overrides of the direction of writing, and what UTF-8 cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def judge(cell: NotebookNode, notebook: Notebook) -> list[NotebookNode]:
    """Return the outputs that are the verdict on graded `cell`; `notebook` answers its questions.

    A test that breaks, rather than fails, gives no points and says that the instructor must look at it. What
    the test measured is noted in cell.metadata.measured.
    """
    with noting() as measures:
        outputs = _verdict(cell.source, float(cell.metadata.nbgrader["points"]), notebook)
    cell.metadata["measured"] = measures
    return outputs


def _verdict(source: str, points: float, notebook: Notebook) -> list[NotebookNode]:
    try:
        with answering(notebook), _quiet():
            value = _run(source)
    except StudentError as error:
        return [error_output(Kind.ANSWER, str(error))]
    except AssertionError as error:
        return [error_output(Kind.CHECK, str(error) or "La comprobación no se cumple.")]
    except ValueError as error:
        if "inhomogeneous" not in str(error):  # NumPy's word for lists of which no array can be made
            return broken(f"se ha roto con ValueError: {error}")
        return [error_output(Kind.ANSWER, RAGGED)]
    except BaseException as error:  # tests may end in SystemExit, or what test frameworks raise
        return broken(f"se ha roto con {type(error).__name__}: {error}")
    credit = partial_credit(value, points)
    if credit is None:
        return []
    return [new_output("execute_result", {"text/plain": repr(credit)}, execution_count=1)]


def broken(what: str) -> list[NotebookNode]:
    """Return the outputs of a cell whose tests have broken, rather than failed."""
    return [error_output(Kind.BROKEN_TEST, f"La corrección de este ejercicio {what}. Avisa a tu profesor.")]


def partial_credit(value: object, points: float) -> float | None:
    """Return `value` as a finite float from 0 to `points`; None if it is not a number, as nbgrader means it."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        return None
    value = float(value)
    return min(max(value, 0.0), points) if math.isfinite(value) else 0.0


def error_output(kind: Kind, text: str) -> NotebookNode:
    """Return an error output that shows one message and no traceback."""
    text = _CONTROL.sub("", text[:LENGTH] + "…" * (len(text) > LENGTH))
    output: NotebookNode = new_output("error", ename=str(kind), evalue=text, traceback=[f"\x1b[1;31m❌ {text}\x1b[0m"])
    return output


def _run(source: str) -> Any:
    """Execute `source` in a fresh namespace and return the value of its last expression, or None."""
    tree = _parse(source)
    # What a test asks of the self-checks is for students, so that Validate fails while an exercise is missing.
    names: dict[str, Any] = {
        "__name__": "__hidden_tests__",
        "self_check": SimpleNamespace(require=lambda *titles: None),
    }
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<hidden tests>", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "<hidden tests>", "eval"), names)


def _parse(source: str) -> ast.Module:
    # Python 3.11 keeps one recursion depth for all of a process's parsers: a finalizer that runs amid this one and
    # formats a traceback, which parses too, would make it fail (python/cpython#106905).
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        if collecting:
            gc.enable()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    sink = io.StringIO()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
