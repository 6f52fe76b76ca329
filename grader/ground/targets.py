"""One constant for each target: the source's cell `targets` gives it a name, and all else takes it from there.

    TARGET_MULTIPLY = 4_000  # MSE

The number is filled in when the source is read, to release, to grade or to calibrate: `{TARGET_MULTIPLY}` in Markdown,
in comments and in messages, `TARGET_MULTIPLY` in code. Neither the cell nor a name is left for students.
"""

import ast
import copy
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL = "targets"
_BRACED = re.compile(r"\{(TARGET_[A-Z0-9_]+)(?::([^{}]*))?\}")
_NAME = re.compile(r"\bTARGET_[A-Z0-9_]+\b")


class TargetError(ValueError):
    """A target that cannot be filled in; the message says what to mend in the source."""


def filled(notebook: "NotebookNode") -> "NotebookNode":
    """Return a copy of a source notebook with its targets filled in, without their cell. Raises TargetError."""
    known, notebook = targets(notebook), copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if not _is_theirs(cell)]
    for cell in notebook.cells:
        is_code = cell.cell_type == "code"
        lines = cell.source.split("\n")
        lines = [
            _fill(line, known, plain if is_code and not line.lstrip().startswith("#") else spaced) for line in lines
        ]
        cell.source = "\n".join(lines)
        if is_code:
            cell.source = _NAME.sub(lambda found: repr(_value(found[0], known)), cell.source)
    return notebook


def _is_theirs(cell: "NotebookNode") -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade_id") == CELL)


def targets(notebook: "NotebookNode") -> dict[str, float]:
    """Return {name: number} of what the source's cell `targets` assigns. Raises TargetError."""
    found = {}
    for cell in notebook.cells:
        for node in ast.parse(cell.source).body if _is_theirs(cell) else ():
            match node:
                case ast.Assign([ast.Name(name)], ast.Constant(int() | float() as value)) if _NAME.fullmatch(name):
                    found[name] = value
                case _:
                    raise TargetError(
                        f"The cell {CELL}, line {node.lineno}: each of its lines gives one number a name that begins "
                        "with TARGET_, as in TARGET_MULTIPLY = 4_000."
                    )
    return found


def _fill(text: str, known: dict[str, float], form: Callable[[float], str]) -> str:
    return _BRACED.sub(
        lambda found: format(_value(found[1], known), found[2]) if found[2] else form(_value(found[1], known)), text
    )


def _value(name: str, known: dict[str, float]) -> float:
    if name not in known:
        there = ", ".join(known) or "none"
        raise TargetError(f"{name} is not in the cell {CELL}, where it has to stand. There is: {there}.")
    return known[name]


def plain(number: float) -> str:
    """Return a number as a message shows it."""
    return f"{number:.10g}"


def spaced(number: float) -> str:
    """Return a number as a Spanish text shows it: with blanks between the thousands."""
    return f"{number:,}".replace(",", " ")
