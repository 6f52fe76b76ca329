"""Known-outcome submissions: small text files that state a student's answers and what they deserve.

The format is described in docs/notebooks.md; `build` turns one into the notebook that a student would hand in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from ..notebooks.skipping import tests_of, with_givers

KINDS = ("right", "wrong", "partial")
_SEED = re.compile(r"^SEED = \d+", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """One file of outcomes/: the cells it replaces, and the outcome it expects."""

    assignment: str
    name: str
    kind: str
    why: str
    rest: str  # "solved" or "untouched": what the cells not replaced contain
    points: dict[str, float]  # graded cells with other than the points of `rest`
    messages: dict[str, str]  # per graded cell, a text that its feedback must contain
    cells: dict[str, str] = field(repr=False)

    def expected(self, source: NotebookNode) -> dict[str, float]:
        """Return {grade_id: points} of every graded cell of the `source` notebook."""
        full = graded_points(source)
        base = full if self.rest == "solved" else dict.fromkeys(full, 0.0)
        unknown = set(self.points) - set(full)
        if unknown:
            raise ValueError(f"{self.name}: no graded cell {sorted(unknown)} in {self.assignment}")
        return {**base, **{name: float(points) for name, points in self.points.items()}}


def read(path: str | Path) -> Submission:
    """Return the Submission in a file <assignment>/<name>.py. Raises ValueError saying what is wrong in it."""
    path = Path(path)
    head, *cells = jupytext.read(path, fmt="py:percent").cells
    try:
        facts = yaml.safe_load(head.source)
        submission = Submission(
            assignment=path.parent.name,
            name=path.stem,
            kind=facts.pop("kind"),
            why=facts.pop("why"),
            rest=facts.pop("rest", "solved"),
            points=facts.pop("points", {}),
            messages=facts.pop("messages", {}),
            cells={cell.metadata.get("title"): cell.source for cell in cells if cell.cell_type == "code"},
        )
    except (AttributeError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: the first cell must be raw YAML with at least kind and why ({error})") from error
    if facts or submission.kind not in KINDS or submission.rest not in ("solved", "untouched"):
        raise ValueError(f"{path}: unknown key or value: {sorted(facts)}, {submission.kind}, {submission.rest}")
    if submission.kind == "wrong" and not submission.messages:
        raise ValueError(f"{path}: a wrong submission states the message that its feedback must contain")
    return submission


def reference(assignment: str, rest: str = "solved") -> Submission:
    """Return the instructor's solution (or, with rest="untouched", the released notebook) as a Submission."""
    return Submission(assignment, "reference", "right", "the instructor's solution", rest, {}, {}, {})


def find(folder: str | Path, assignment: str = "*") -> list[Submission]:
    """Return all Submissions below `folder`, sorted by assignment and name."""
    return [read(path) for path in sorted(Path(folder).glob(f"{assignment}/*.py"))]


def build(submission: Submission, source: NotebookNode, release: NotebookNode, seed: int | None = None) -> NotebookNode:
    """Return the notebook that this student hands in.

    source, release: the instructor's and the students' notebook. Graded cells come from the release, solution
    cells from `submission.cells`, or, if not named there, from the source or the release. Raises ValueError.
    """
    solved = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if _is_solution(cell)}
    unknown = set(submission.cells) - set(solved)
    if unknown:
        raise ValueError(f"{submission.name}: no solution cell {sorted(map(str, unknown))} in {submission.assignment}")
    notebook = nbformat.from_dict(release)
    for cell in notebook.cells:
        if _is_solution(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            if grade_id in submission.cells:
                cell.source = submission.cells[grade_id]
            elif submission.rest == "solved":
                cell.source = _without_marks(solved[grade_id])
    return notebook if seed is None else reseed(notebook, seed)


def brief(notebook: NotebookNode) -> NotebookNode:
    """Return `notebook`, in place, without what no verdict depends on: text, drawings, self-checks, examples.

    Kept are the setup, the graded and the solution cells, and what gives a name that these take from elsewhere. The
    grades are those of the whole notebook, in less than half the time.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    courses = {cell.source for cell in code if not is_solution(cell)}
    notebook.cells = with_givers(code, [cell for cell in code if _judged(cell)], courses)
    return notebook


def narrow(notebook: NotebookNode, submission: Submission, source: NotebookNode) -> NotebookNode:
    """Return the `notebook` of a submission, in place, without the graded cells that its own cells have no part in.

    Those would be the solution's once more. Kept is what the graded cells need, the setup, and, of the reference, all.
    """
    if not submission.cells:
        return brief(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    courses = {cell.source for cell in code if not is_solution(cell)}
    setup = [cell for cell in code if grade_id_of(cell) == "setup"]
    expected = submission.expected(source)
    less = {name for name, full in graded_points(source).items() if expected[name] < full}
    tests = tests_of(notebook)

    def needs(test: NotebookNode) -> list[NotebookNode]:  # another test gives no names: it runs elsewhere
        others = {id(cell) for cell in tests} - {id(test)}
        return with_givers([cell for cell in code if id(cell) not in others], [*setup, test], courses)

    touched = [t for t in tests if grade_id_of(t) in less or any(grade_id_of(c) in submission.cells for c in needs(t))]
    kept = {id(cell) for test in touched for cell in needs(test)} | {id(cell) for cell in setup}
    kept |= {id(cell) for cell in code if grade_id_of(cell) in submission.cells}
    notebook.cells = [cell for cell in code if id(cell) in kept]
    return notebook


def own_part(submission: Submission, source: NotebookNode) -> set[str]:
    """Return the grade ids of the cells that the cells of a submission have a part in."""
    cells = narrow(build(submission, source, source), submission, source).cells
    return {grade_id for cell in cells if (grade_id := grade_id_of(cell)) is not None}


def alone(notebook: NotebookNode, submission: Submission, source: NotebookNode, release: NotebookNode) -> NotebookNode:
    """Return the `notebook` of a submission, in place, with the exercises that it has no part in left undone."""
    undone = {grade_id_of(cell): cell.source for cell in release.cells}
    part = own_part(submission, source)
    for cell in notebook.cells:
        if _is_solution(cell) and grade_id_of(cell) not in part:
            cell.source = undone[grade_id_of(cell)]
    return notebook


def together(submissions: Iterable[Submission], source: NotebookNode) -> list[Submission]:
    """Return the Submissions with those that have no part in common as one, the first that fits taking in the next.

    Its name is of all their names, its points, messages and cells are theirs. All must have the same `rest`.
    """
    joint: list[tuple[set[str], list[Submission]]] = []  # (the parts, the submissions)
    for submission in submissions:
        part = own_part(submission, source) - {"setup"}
        for parts, those in joint:
            if not parts & part:
                parts |= part
                those.append(submission)
                break
        else:
            joint.append((part, [submission]))
    return [those[0] if len(those) == 1 else _joined(those) for _, those in joint]


def _joined(submissions: list[Submission]) -> Submission:
    def of_all(name: str) -> dict[str, Any]:
        return {key: value for submission in submissions for key, value in getattr(submission, name).items()}

    name, why = "+".join(s.name for s in submissions), "; ".join(s.why for s in submissions)
    points, messages, cells = map(of_all, ("points", "messages", "cells"))
    return replace(submissions[0], name=name, why=why, points=points, messages=messages, cells=cells)


def reseed(notebook: NotebookNode, seed: int) -> NotebookNode:
    """Return `notebook` with the number in its line `SEED = ...` changed, in place."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = _SEED.sub(f"SEED = {int(seed)}", cell.source)
    return notebook


def graded_points(notebook: NotebookNode) -> dict[str, float]:
    """Return {grade_id: maximum points} of the graded cells of a notebook."""
    marks = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {mark.grade_id: float(mark.points) for mark in marks if mark.grade}


def _judged(cell: NotebookNode) -> bool:
    return is_solution(cell) or is_grade(cell) or grade_id_of(cell) == "setup"


def grade_id_of(cell: NotebookNode) -> str | None:
    """Return the grade id of a cell, None if it has none."""
    grade_id: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id


def _is_solution(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def _without_marks(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if not line.strip().startswith(("### BEGIN", "### END")))
