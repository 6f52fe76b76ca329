"""Submissions that are damaged in every usual way: each gets a clear word, and the class is graded all the same."""

import copy
import os
import re

import nbformat
import pytest

from grader.calibration.known import build, reference

from .course import command, full_points, grade, hand_in, new_course, notebook, position

ASSIGNMENT = "neuron"
SOURCE, RELEASE = notebook("source", ASSIGNMENT), notebook("release", ASSIGNMENT)
SOLVED = build(reference(ASSIGNMENT), SOURCE, RELEASE)
FULL = full_points(ASSIGNMENT)
TESTS = list(FULL)


def changed(change):
    """Return the solved notebook after `change(notebook)`."""
    nb = copy.deepcopy(SOLVED)
    change(nb)
    return nb


def delete_test(nb):
    del nb.cells[position(nb, TESTS[0])]


def delete_first_and_last_locked(nb):
    del nb.cells[position(nb, TESTS[-1])]
    del nb.cells[position(nb, "setup")]


def copy_test(nb):
    nb.cells.insert(0, copy.deepcopy(nb.cells[position(nb, TESTS[1])]))


def copy_solution(nb):
    n = position(nb, TESTS[1].removesuffix("-test"))
    nb.cells.insert(n + 1, copy.deepcopy(nb.cells[n]))


def retype_test(nb):
    nb.cells[position(nb, TESTS[0])].cell_type = "raw"
    for key in ("outputs", "execution_count"):
        nb.cells[position(nb, TESTS[0])].pop(key, None)


def corrupt_marks(nb):
    nb.cells[position(nb, TESTS[1])].metadata["nbgrader"] = {"grade": True}
    nb.cells[position(nb, TESTS[2])].metadata["nbgrader"]["schema_version"] = 99
    nb.cells[position(nb, TESTS[0])].metadata["nbgrader"] = "no"


def old_schema(nb):
    for cell in nb.cells:
        cell.pop("id", None)
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"].pop("schema_version", None)
    nb.nbformat_minor = 2


def extra_cells(nb):
    nb.cells.insert(3, nbformat.v4.new_code_cell("import warnings\nwarnings.warn('mira')\nmi_variable = 1"))
    nb.cells.append(nbformat.v4.new_markdown_cell("Mis notas"))


def own_cell(n):
    return nbformat.v4.new_code_cell(f"borrador = {n}")


def never_ends(nb):
    nb.cells[position(nb, TESTS[0].removesuffix("-test"))].source = "while True:\n    pass"


WHOLE = {  # damaged, but all the work is there: full points
    "cut": (delete_test, f"`{TESTS[0]}` faltaba"),
    "cut2": (delete_first_and_last_locked, "`setup` faltaba"),
    "copied": (copy_test, ""),
    "copied2": (copy_solution, "está repetida"),
    "retyped": (retype_test, ""),
    "corrupt": (corrupt_marks, "sus marcas de nbgrader"),
    "old": (old_schema, ""),
    "extra": (extra_cells, ""),
}
LOST = {  # nothing to grade: no points, and a word on top of the feedback and in the summary
    "truncated": "no se puede leer como cuaderno",
    "nojson": "no se puede leer como cuaderno",
    "list": "no se puede leer como cuaderno",
    "empty": "no se puede leer como cuaderno",
    "missing": "ningún cuaderno",
    "several": "varios cuadernos",
}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("damaged"))
    limits = "c.CourseExecute.limits['cell_seconds'] = 20\n"
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(limits)
    for student, (change, _) in WHOLE.items():
        hand_in(course, student, ASSIGNMENT, changed(change))
    text = nbformat.writes(SOLVED)
    for student, content in (("truncated", text[:5000]), ("nojson", "hola"), ("list", "[1, 2]"), ("empty", "")):
        hand_in(course, student, ASSIGNMENT, content)
    renamed = hand_in(course, "renamed", ASSIGNMENT, SOLVED)
    renamed.rename(renamed.with_name("Copia de neuron (1).ipynb"))
    for student in ("missing", "several"):
        path = hand_in(course, student, ASSIGNMENT, SOLVED)
        for n in range(2 if student == "several" else 0):
            draft = hand_in(course, student, ASSIGNMENT, changed(lambda nb, n=n: nb.cells.append(own_cell(n))))
            draft.rename(draft.with_name(f"borrador {n}.ipynb"))
        path.unlink(missing_ok=True)
    linked = hand_in(course, "linked", ASSIGNMENT, SOLVED)
    (linked.parent / "secreto.txt").symlink_to(course.root / "data" / "hidden" / "wine_hidden.csv")
    os.mkfifo(linked.parent / "tubo")
    hand_in(course, "endless", ASSIGNMENT, changed(never_ends))
    late = hand_in(course, "late", ASSIGNMENT, SOLVED)
    (late.parent / "timestamp.txt").write_text("2099-01-01 10:00:00 UTC")
    command(
        "nbgrader", "db", "assignment", "add", ASSIGNMENT, "--duedate", "2098-12-31 10:00:00 UTC", folder=course.root
    )
    return grade(course, feedback=ASSIGNMENT, expected=1)


@pytest.mark.parametrize("student", WHOLE)
def test_damage_that_loses_no_work_costs_no_points(damaged, student):
    assert damaged.points(ASSIGNMENT, student) == FULL
    page = damaged.feedback(ASSIGNMENT, student).replace("<code>", "").replace("</code>", "")
    assert WHOLE[student][1].replace("`", "") in page


@pytest.mark.parametrize("student", LOST)
def test_what_cannot_be_read_is_said_in_feedback_and_summary(damaged, student):
    assert sum(damaged.points(ASSIGNMENT, student).values()) == 0
    assert LOST[student] in damaged.feedback(ASSIGNMENT, student)
    [line] = [line for line in damaged.printed.split("\n") if f" {student} " in line]
    assert "unreadable" in line


def test_a_renamed_notebook_is_graded_and_told(damaged):
    assert damaged.points(ASSIGNMENT, "renamed") == FULL
    assert "Copia de neuron (1).ipynb" in damaged.feedback(ASSIGNMENT, "renamed")


def test_links_and_pipes_are_left_out(damaged):
    assert damaged.points(ASSIGNMENT, "linked") == FULL
    assert "secreto.txt" in damaged.feedback(ASSIGNMENT, "linked")
    assert not (damaged.course.folder("autograded", ASSIGNMENT, "linked") / "secreto.txt").exists()


def test_a_cell_that_never_ends_costs_its_own_points_only(damaged):
    points = damaged.points(ASSIGNMENT, "endless")
    assert points[TESTS[0]] == 0
    page = damaged.feedback(ASSIGNMENT, "endless")
    assert re.search("ha pasado de (20 s|60 s de reloj)", page)  # the latter on a busy machine
    assert {points[name] for name in TESTS if FULL[name] and points[name] == FULL[name]}  # others were graded


def test_a_late_one_is_named(damaged):
    assert damaged.points(ASSIGNMENT, "late") == FULL
    [line] = [line for line in damaged.printed.split("\n") if " late " in line and ASSIGNMENT in line]
    assert "24.0 h" in line
    assert "1 late" in damaged.printed


def test_a_second_run_grades_nothing_again(damaged):
    done = command("grader", "autograde", folder=damaged.course.root)
    assert f"{len(WHOLE) + len(LOST) + 4} skipped" in done.stdout


def test_unknown_names_are_told_with_those_that_exist(damaged):
    done = command("grader", "autograde", "vino", folder=damaged.course.root, expected=1)
    assert "vino" in done.stdout and ASSIGNMENT in done.stdout
    done = command("grader", "autograde", "--student", "nobody", folder=damaged.course.root, expected=1)
    assert "nobody" in done.stdout
