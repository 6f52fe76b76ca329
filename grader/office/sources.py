"""What is wrong with an instructor's notebook, cell by cell: nbgrader says only that something is."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from ..course import Course
from ..ground.targets import TargetError, filled

_ID = re.compile(r"[a-zA-Z0-9_\-]+")
_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
SCHEMA = 3  # of nbgrader's metadata


def source_faults(course: Course, assignment: str) -> list[str]:
    """Return sentences on what keeps the source of an assignment from being released, or its tests from running."""
    path = course.folder("source", assignment) / f"{assignment}.ipynb"
    try:
        notebook = nbformat.read(path, as_version=4)
        filled(notebook)
    except TargetError as error:
        return [str(error)]
    except SyntaxError as error:
        return [f"The cell targets, line {error.lineno}, is no Python: {error.msg}."]
    except Exception:  # whatever nbformat says of what is no notebook
        return [f"{path} is no notebook that can be read: put back a copy of it, as of git."]
    marked = [(n, cell) for n, cell in enumerate(notebook.cells, 1) if cell.metadata.get("nbgrader")]
    if any(cell.metadata.nbgrader.get("schema_version", SCHEMA) < SCHEMA for _, cell in marked):
        return [f"Its nbgrader metadata are of an older nbgrader: `nbgrader update {path.parent}` renews them."]
    ids = Counter(str(cell.metadata.nbgrader.get("grade_id", "")) for _, cell in marked)
    return [fault for n, cell in marked for fault in _faults(n, cell, ids)] + [
        f"{_named(n, cell)} has a region {name} that begins and does not end, or the other way round."
        for n, cell in enumerate(notebook.cells, 1)
        for name in _REGIONS
        if cell.source.count(f"BEGIN {name}") != cell.source.count(f"END {name}")
    ]


def _faults(n: int, cell: NotebookNode, ids: Counter[str]) -> Iterator[str]:
    marks, name = cell.metadata.nbgrader, str(cell.metadata.nbgrader.get("grade_id", ""))
    counts = is_grade(cell) or is_task(cell)
    if not (counts or is_solution(cell) or marks.get("locked")):
        return
    if not _ID.fullmatch(name):
        yield f"{_named(n, cell)} has no id, or one with more than letters, digits, - and _: give it another grade_id."
    elif ids[name] > 1:
        yield f"{_named(n, cell)} has the id of another cell: give it another grade_id."
    points = marks.get("points")
    if counts and (isinstance(points, bool) or not isinstance(points, int | float) or points < 0):
        yield f"{_named(n, cell)} is graded and has no points, or points that are no number of 0 or more: mend that."
    if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code":
        try:
            ast.parse(TransformerManager().transform_cell(cell.source))
        except SyntaxError as error:
            yield f"{_named(n, cell)}, line {error.lineno}, is no Python, so that nobody could pass it: {error.msg}."


def _named(n: int, cell: NotebookNode) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"Cell {n}{f' ({name})' if name else ''}"
