"""Every known-outcome submission gets the points it deserves, and the message meant for it."""

import nbformat
import pytest

from grader.submissions import find

from .conftest import ASSIGNMENTS, DRAWN_SEEDS, FIXED_SEED, ROOT, notebook, reference

KNOWN = find(ROOT / "tests" / "submissions")


def verdicts(graded, assignment, student):
    """Return a text of all that went wrong in the graded cells, for the message of a failing test."""
    cells = graded.cells(assignment, student).items()
    return {name: o.evalue for name, cell in cells for o in cell.get("outputs", []) if o.output_type == "error"}


@pytest.mark.parametrize("submission", KNOWN, ids=lambda s: f"{s.assignment}-{s.name}")
def test_known_outcome(graded, submission):
    student = f"{submission.name}-{submission.rest}-{FIXED_SEED}"
    points = graded.points(submission.assignment, student)
    said = verdicts(graded, submission.assignment, student)
    assert points == submission.expected(notebook("source", submission.assignment)), said
    for grade_id, text in submission.messages.items():
        assert text in said.get(grade_id, ""), said


@pytest.mark.parametrize("seed", [FIXED_SEED, *DRAWN_SEEDS])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_earns_everything_with_any_seed(graded, assignment, seed):
    student = f"reference-solved-{seed}"
    expected = reference(assignment).expected(notebook("source", assignment))
    assert sum(expected.values()) == 10
    assert graded.points(assignment, student) == expected, (seed, verdicts(graded, assignment, student))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_untouched_notebook_earns_nothing(graded, assignment):
    student = f"reference-untouched-{FIXED_SEED}"
    assert set(graded.points(assignment, student).values()) == {0}
    for name, text in verdicts(graded, assignment, student).items():
        if name.endswith("-test"):
            assert "sin hacer" in text or "No encuentro" in text, (name, text)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_released_notebook_only_raises_not_implemented(graded, assignment):
    cells = graded.cells(assignment, f"reference-untouched-{FIXED_SEED}")
    path = graded.course.folder("autograded", f"reference-untouched-{FIXED_SEED}", assignment) / f"{assignment}.ipynb"
    tests = {name for name, cell in cells.items() if cell.metadata.nbgrader.grade}
    kinds = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in tests:
            kinds |= {o.ename for o in cell.get("outputs", []) if o.output_type == "error"}
    assert kinds == {"NotImplementedError"}


def test_nothing_is_lost_or_left_over(graded):
    assert not any((graded.course.root / ".grading" / "autograded").glob("*/*"))
    assert f"{len(graded.students)} graded" in graded.printed
