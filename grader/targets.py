"""One constant for each target: the source's cell `targets` gives it a name, and all else takes it from there.

    TARGET_MULTIPLY = 4_000  # MSE

Self-checks use the name. Where there is no such name to use, in texts and in hidden tests, which must not ask a
student's notebook for it, the number is filled in when the source is read: `{TARGET_MULTIPLY}` in Markdown, in comments
and in messages, `TARGET_MULTIPLY` in a test's code.
"""

import ast
import copy
import re

from nbgrader.utils import is_grade

CELL = "targets"
_BRACED = re.compile(r"\{(TARGET_[A-Z0-9_]+)(?::([^{}]*))?\}")
_NAME = re.compile(r"\bTARGET_[A-Z0-9_]+\b")


class TargetError(ValueError):
    """A target that cannot be filled in; the message says what to mend in the source."""


def filled(notebook):
    """Return a copy of a source notebook with its targets in texts and tests. Raises TargetError."""
    known, notebook = targets(notebook), copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _fill(cell.source, known, spaced)
        elif is_grade(cell):
            lines = cell.source.split("\n")
            lines = [_fill(line, known, spaced if line.lstrip().startswith("#") else plain) for line in lines]
            cell.source = _NAME.sub(lambda found: repr(_value(found[0], known)), "\n".join(lines))
    return notebook


def targets(notebook):
    """Return {name: number} of what the source's cell `targets` assigns. Raises TargetError."""
    found = {}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") != CELL:
            continue
        for node in ast.parse(cell.source).body:
            match node:
                case ast.Assign([ast.Name(name)], ast.Constant(int() | float() as value)) if _NAME.fullmatch(name):
                    found[name] = value
                case _:
                    raise TargetError(
                        f"The cell {CELL}, line {node.lineno}: each of its lines gives one number a name that begins "
                        "with TARGET_, as in TARGET_MULTIPLY = 4_000."
                    )
    return found


def _fill(text, known, form):
    return _BRACED.sub(
        lambda found: format(_value(found[1], known), found[2]) if found[2] else form(_value(found[1], known)), text
    )


def _value(name, known):
    if name not in known:
        there = ", ".join(known) or "none"
        raise TargetError(f"{name} is not in the cell {CELL}, where it has to stand. There is: {there}.")
    return known[name]


def plain(number):
    """Return a number as a message shows it."""
    return f"{number:.10g}"


def spaced(number):
    """Return a number as a Spanish text shows it: with blanks between the thousands."""
    return f"{number:,}".replace(",", " ")
