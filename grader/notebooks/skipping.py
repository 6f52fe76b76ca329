"""Leave out of grading what no verdict depends on: the course's own drawings, examples and self-checks.

The instructor tags such a cell `skip-grading` in source/. It is left out of a submission where it is as it was
released and nothing that is executed can take a name that it gives (grader.questions.names); else it is executed
like any other.
Should a graded cell then lose points, the notebook is executed once more, whole (grader.execute), and each graded cell
has the better of its two verdicts.
"""

import contextlib
import re
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import determine_grade, is_grade, is_solution

from ..questions.names import names
from .placing import ANSWER
from .tests import is_graded_apart

TAG = "skip-grading"
SKIPPED = "skip-execution"  # nbclient's own tag
LONGEST = 100_000  # characters of a student's own code, beyond which nothing is left out


class SkipCells(NbGraderPreprocessor):
    """Tag for nbclient what need not be executed; runs when the hidden tests are back, which may take any name."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return `nb`, its cells tagged in place, and `resources`."""
        where = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        path = Path(
            course.format_path(course.release_directory, ".", where["assignment"]), f"{where['notebook']}.ipynb"
        )
        tag(nb, *(_released(path, path.stat().st_mtime_ns) if path.is_file() else ((), ())))
        return nb, resources


def tag(notebook: NotebookNode, released: Collection[str], skippable: Collection[str]) -> list[NotebookNode]:
    """Tag the cells of `notebook` that need not be executed with SKIPPED, and no others; return them.

    released, skippable: the sources of all code cells and of those tagged TAG, as they were released.
    """
    execute_all(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    courses = {cell.source for cell in code if cell.source in released or is_graded_apart(cell)}
    own = [cell.source for cell in code if cell.source not in courses]
    if sum(map(len, own)) > LONGEST or any(names(source).roundabout for source in own):
        return []
    optional = [cell for cell in code if cell.source in skippable and not is_solution(cell) and not is_grade(cell)]
    left_out = {id(cell) for cell in optional if not names(cell.source, trusted=True).roundabout}
    wanted = [cell for cell in code if id(cell) not in left_out]
    words = frozenset().union(*(names(source).words for source in own))
    executed = {id(cell) for cell in with_givers(code, wanted, courses, words)}
    skipped = [cell for cell in code if id(cell) not in executed]
    for cell in skipped:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), SKIPPED]
    return skipped


def in_doubt(notebook: NotebookNode) -> bool:
    """Tell whether a graded cell of an executed notebook has lost points for anything but not being attempted.

    Only then could it matter that cells were left out. An answer that was not found was attempted if a cell gives it
    that does not wait for an answer: one that failed, or that a `try` kept from failing.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_graded_apart(cell)]
    waiting = [cell for cell in code if "NotImplementedError" in (error.ename for error in errors_of(cell))]
    given: set[str | None] = {None}
    for found in (names(cell.source) for cell in code if not any(cell is one for one in waiting)):
        given |= found.gives - found.hollow
    for cell in tests_of(notebook):
        said = [error.evalue for error in errors_of(cell)]
        undone = ["sin hacer" in text or (bool(waiting) and missing(text) not in given) for text in said]
        if credit(cell) < float(cell.metadata.nbgrader["points"]) and not (undone and all(undone)):
            return True
    return False


def missing(message: str) -> str | None:
    """Return the name that a verdict says cannot be found, or None."""
    found = re.search(r"No encuentro `([^`.\[(]+)", message)
    return found[1] if found else None


def better(first: NotebookNode, whole: NotebookNode) -> None:
    """Give each graded cell of the executed notebook `whole` the verdict of `first`, where that gives more points.

    Whatever is to blame, a limit that only the whole notebook reaches or a training that came out worse, honest work
    does not lose by being executed twice.
    """
    verdicts = {cell.metadata.nbgrader["grade_id"]: cell for cell in tests_of(first)}
    # the tests of an answer together: two wrong halves make no right one
    groups: defaultdict[str, list[tuple[NotebookNode, NotebookNode]]] = defaultdict(list)
    for cell in tests_of(whole):
        other = verdicts.get(cell.metadata.nbgrader["grade_id"])
        if other is not None:
            groups[cell.metadata.get(ANSWER, cell.metadata.nbgrader["grade_id"])].append((cell, other))
    for pairs in groups.values():
        if sum(credit(other) for _, other in pairs) > sum(credit(cell) for cell, _ in pairs):
            for cell, other in pairs:
                cell.outputs = other.outputs
                cell.metadata["measured"] = other.metadata.get("measured", {})


def tests_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the graded cells that tests grade."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and is_graded_apart(cell)]


def credit(cell: NotebookNode) -> float:
    """Return the points of an executed graded cell, as nbgrader reads them; 0 for what it cannot read."""
    with contextlib.suppress(Exception):  # a cell that runs in the kernel can end in anything
        return float(determine_grade(cell)[0] or 0.0)
    return 0.0


def errors_of(cell: NotebookNode) -> list[NotebookNode]:
    """Return the errors that an executed cell shows."""
    return [output for output in cell.get("outputs", []) if output.output_type == "error"]


def execute_all(notebook: NotebookNode) -> bool:
    """Take the tag SKIPPED from the cells of `notebook`; tell whether any had it."""
    found = False
    for cell in notebook.cells:
        tags = cell.metadata.pop("tags", None)
        kept = [name for name in tags if name != SKIPPED] if isinstance(tags, list) else []
        found = found or (isinstance(tags, list) and len(kept) < len(tags))
        if kept:
            cell.metadata["tags"] = kept
    return found


def with_givers(
    cells: list[NotebookNode], wanted: list[NotebookNode], trusted: Collection[str], words: frozenset[str] = frozenset()
) -> list[NotebookNode]:
    """Return `wanted` and those of `cells` that give a name that one of them takes, and so on, in their order.

    trusted: the sources that are the course's own (grader.questions.names); words: further names that are taken.
    """
    known = {id(cell): names(cell.source, trusted=cell.source in trusted) for cell in cells}
    ids = {id(cell) for cell in wanted}
    while True:
        taken = words.union(*(known[i].takes for i in ids))
        givers = {i for i, cell in known.items() if i not in ids and cell.gives & taken}
        if not givers:
            return [cell for cell in cells if id(cell) in ids]
        ids |= givers


@lru_cache(maxsize=64)
def _released(path: Path, _modified: int) -> tuple[frozenset[str], frozenset[str]]:
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    tagged = (cell.source for cell in code if TAG in cell.metadata.get("tags", []))
    return frozenset(cell.source for cell in code), frozenset(tagged)
