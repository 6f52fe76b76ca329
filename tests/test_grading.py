"""Every known-outcome submission gets the points it deserves, and the message meant for it."""

import re
from collections import Counter

import pytest

from grader.calibration.known import find, own_part

from .course import ASSIGNMENTS, DRAWN_SEEDS, FIXED_SEED, SUBMISSIONS, drawn, full_points, notebook

KNOWN = find(SUBMISSIONS)
DRAWN = [submission for assignment in ASSIGNMENTS for submission in drawn(assignment)]


@pytest.mark.parametrize(
    ("submission", "seed"),
    [(s, FIXED_SEED) for s in KNOWN] + [(s, DRAWN_SEEDS[0]) for s in DRAWN],
    ids=lambda value: f"{value.assignment}-{value.name}" if hasattr(value, "name") else str(value),
)
def test_known_outcome(graded, submission, seed):
    student = graded.student_of(submission, seed)
    points = graded.points(submission.assignment, student)
    said = graded.verdicts(submission.assignment, student)
    source = notebook("source", submission.assignment)
    expected = submission.expected(source)
    if submission.kind == "wrong" and seed == FIXED_SEED:  # the exercises that it has no part in may be undone
        part = own_part(submission, source)
        points, expected = ({name: of[name] for name in of if name in part} for of in (points, expected))
    assert expected and points == expected, said
    for grade_id, text in submission.messages.items():
        assert text in said.get(grade_id, ("", ""))[1], said


@pytest.mark.parametrize("seed", [FIXED_SEED, *DRAWN_SEEDS])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_earns_everything_with_any_seed(graded, assignment, seed):
    student = f"reference-solved-{seed}"
    expected = full_points(assignment)
    assert sum(expected.values()) == 10
    assert graded.points(assignment, student) == expected, (seed, graded.verdicts(assignment, student))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_untouched_notebook_earns_nothing(graded, assignment):
    student = f"reference-untouched-{FIXED_SEED}"
    assert set(graded.points(assignment, student).values()) == {0}
    for name, (_, text) in graded.verdicts(assignment, student).items():
        assert "sin hacer" in text or "No encuentro" in text, (name, text)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_released_notebook_only_raises_not_implemented(graded, assignment):
    cells = graded.cells(assignment, f"reference-untouched-{FIXED_SEED}")
    tests = {name for name, cell in cells.items() if cell.metadata.nbgrader.grade}
    kinds = set()
    for cell in graded.notebook(assignment, f"reference-untouched-{FIXED_SEED}").cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in tests:
            kinds |= {o.ename for o in cell.get("outputs", []) if o.output_type == "error"}
    assert kinds == {"NotImplementedError"}


def test_nothing_is_lost_or_left_over(graded):
    assert not any((graded.course.root / ".grading" / "autograded").glob("*/*"))
    assert f"{len(graded.students)} graded" in graded.printed


@pytest.mark.parametrize(
    "submission", [s for s in KNOWN if s.kind == "wrong"], ids=lambda s: f"{s.assignment}-{s.name}"
)
def test_messages_teach(graded, submission):
    """A message is a Spanish sentence that names the property that fails, the measured value and the target, and where
    to look again; it shows neither the test nor a solution."""
    student = graded.student_of(submission, FIXED_SEED)
    cells = graded.cells(submission.assignment, student)
    secrets = ("assert", "student.", "hidden", "Traceback", "def ", "lambda", "return ")
    for grade_id in submission.points:
        [output] = cells[grade_id].outputs
        text = output["evalue"]
        assert output["ename"] in ("Comprobación", "Respuesta"), (grade_id, text)
        if output["ename"] == "Respuesta" or "con un error tuyo" in text:  # it ends with what the student's code raised
            continue
        assert text[-1] in ".?!»)", f"{grade_id}: no whole sentence: {text}"
        assert len(text) >= 50, f"{grade_id}: too short to help: {text}"
        assert not [secret for secret in secrets if secret in text], f"{grade_id}: gives the test away: {text}"
        failing = {name: m for name, m in cells[grade_id].metadata.get("measured", {}).items() if fails(name, **m)}
        for name, m in failing.items():
            shown = [float(number) for number in re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", text.replace("−", "-"))]
            near = [x for x in shown for scale in (1, 0.01) if abs(x * scale - m["value"]) <= 0.06 * abs(m["value"])]
            if name == "lo propio de cada red":  # «Dos de tus redes son la misma» says more than a share of 1e-9
                continue
            if "pesos al azar" in name:  # what is missing is a network: no target to come near
                assert "no sale de una red entrenada" in text, f"{grade_id}: {text}"
                continue
            counted = name == "fallos"  # of all data sets; the message is about one of them
            assert near or counted or "%" in text, f"{grade_id}: {name} is {m['value']:.3g}, which is not in: {text}"
            assert "objetivo" in text, f"{grade_id}: no target in: {text}"


def fails(name, value, target):
    """Tell whether a measure misses its target: errors and failures are to be small, scores large."""
    large = ("F1", "accuracy", "ρ", "lo propio de cada red")
    large += ("MSE con pesos al azar entre la varianza", "respuestas que cambian con pesos al azar")
    return value < target if name in large else value > target


def test_every_assignment_has_known_outcomes_of_all_kinds():
    for assignment in ASSIGNMENTS:
        count = Counter(submission.kind for submission in KNOWN if submission.assignment == assignment)
        assert count["right"] >= 8 and count["wrong"] >= 12 and count["partial"] >= 2, (assignment, count)
