"""Students who use up or break what grades them, all in one class under small limits.

Each attack costs what it deserves and says so in the feedback; the class is graded all the same.
"""

import json
import re

import nbformat
import psutil
import pytest

from grader.execute import CourseExecute

from .course import attacks, command, grade, hand_in, handed, new_course, solved

ASSIGNMENT = "neuron"
LIMITS = {
    **{"wall_seconds": 45, "cell_seconds": 4, "question_seconds": 3, "cpu_seconds": 60, "memory_mb": 1500},
    **{"processes": 80, "file_mb": 5, "scratch_mb": 20, "output_mb": 2},
}
CONFIG = f"\nc.CourseExecute.limits = {LIMITS}\n"
STOPS, GOES_ON, ALONE = (attacks(group, ASSIGNMENT) for group in ("stops", "goes_on", "alone"))


def sleeps_often(nb):
    nb.cells[1:1] = [nbformat.from_dict(nb.cells[-1]) for _ in range(20)]
    for n, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{n}"
    return nb


def too_deep(nb):
    nb.cells[0].source = "a." * 40_000 + "b"
    return nb


RETOUCHED = {  # what is no code of a file
    "all its time": sleeps_often,
    "half a character": lambda nb: nbformat.writes(nb).replace("AQUI", "\\ud800"),
    "too deep": too_deep,
}
BESIDE = ("no time", "many files", "large file", "odd names")  # all the work is there: full points, and a remark


def unreadable():
    """Yield notebooks that are read as JSON, but are none to work on."""
    text = nbformat.writes(solved(ASSIGNMENT))
    cells = [{"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}]
    yield "endless cells", json.dumps({**json.loads(text), "cells": cells * 200_000})
    yield "deep", '{"cells": ' + "[" * 10**6 + "]" * 10**6 + "}"


UNREADABLE = ["endless cells", "deep"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("deny"), [ASSIGNMENT], CONFIG)
    for student in ("honest", "zoe"):  # among the first and the last
        hand_in(course, student, ASSIGNMENT, solved(ASSIGNMENT))
    stated = {**STOPS, **GOES_ON}
    for name, attack in stated.items():
        nb = handed(attack)
        hand_in(course, name, ASSIGNMENT, RETOUCHED[name](nb) if name in RETOUCHED else nb)
    for name, text in unreadable():
        hand_in(course, name, ASSIGNMENT, text)
    folders = {name: hand_in(course, name, ASSIGNMENT, solved(ASSIGNMENT)).parent for name in BESIDE}
    (folders["no time"] / "timestamp.txt").write_text("mañana por la mañana")
    for n in range(1200):
        (folders["many files"] / f"{n}.txt").touch()
    with (folders["large file"] / "datos.bin").open("wb") as file:
        file.truncate(300 * 2**20)
    for name in (b"\xff\xfe.txt", b"\x1b[2J.txt", b"a\nb.txt"):
        (folders["odd names"] / name.decode("utf-8", "surrogateescape")).write_text("x")
    # It fails for the unreadable ones. Most of the others sleep: more workers than cores.
    students = {(ASSIGNMENT, name): attack for name, attack in stated.items()}
    return grade(course, "--workers", "4", students=students, feedback=ASSIGNMENT, expected=1)


def line(graded, student):
    [found] = [text for text in graded.printed.split("\n") if re.match(rf"│ {student} +│", text)]
    return found


@pytest.mark.parametrize("student", ["honest", "zoe"])
def test_the_others_are_graded_as_always(graded, student):
    graded.check(ASSIGNMENT, student)


@pytest.mark.parametrize("student", STOPS)
def test_what_has_to_be_stopped_costs_the_rest_and_is_said(graded, student):
    graded.check(ASSIGNMENT, student)
    [message] = set(STOPS[student].messages.values())
    assert message in graded.feedback(ASSIGNMENT, student)
    assert all(message in text for _, text in graded.verdicts(ASSIGNMENT, student).values())
    assert "stopped" in line(graded, student)


@pytest.mark.parametrize("student", GOES_ON)
def test_what_stops_by_itself_costs_its_own_points(graded, student):
    graded.check(ASSIGNMENT, student)
    [message] = GOES_ON[student].messages.values()
    assert message in graded.feedback(ASSIGNMENT, student)


def test_tensorflow_cannot_take_all_the_memory():
    """Where it meets the limit first, it raises an error in its cell or ends the process; the watcher is the last."""
    cells = [nbformat.v4.new_code_cell(source) for source in ALONE["tensorflow"].cells.values()]
    executed, _ = CourseExecute(files={}, limits={"memory_mb": 1200}).preprocess(
        nbformat.v4.new_notebook(cells=cells), {"metadata": {}}
    )
    said = "".join(o.get("evalue", "") + o.get("text", "") for cell in executed.cells for o in cell.outputs)
    assert "OOM" in said or "bad_alloc" in said or executed.metadata.grader.stopped in ("memory", "dead"), said
    assert executed.metadata.grader.memory_mb < 2400


@pytest.mark.parametrize("student", ["swallow", "swallow asked"])
def test_who_ignores_interrupts_is_ended_within_seconds(graded, student):
    seconds = graded.notebook(ASSIGNMENT, student).metadata.grader.seconds
    assert seconds < 3 * (LIMITS["cell_seconds"] + 10) + 30  # on however busy a machine


@pytest.mark.parametrize("student", ["fork bomb", "thread bomb", "memory", "flood", "one line", "pile"])
def test_bombs_are_stopped_at_once(graded, student):
    assert graded.notebook(ASSIGNMENT, student).metadata.grader.seconds < 60  # on however busy a machine


@pytest.mark.parametrize("student", UNREADABLE)
def test_what_cannot_be_a_notebook_is_said_to_be_none(graded, student):
    assert set(graded.points(ASSIGNMENT, student).values()) == {0}
    assert "no se puede leer como cuaderno" in graded.feedback(ASSIGNMENT, student)
    assert "unreadable" in line(graded, student)


@pytest.mark.parametrize("student", BESIDE)
def test_odd_files_beside_the_notebook_cost_nothing(graded, student):
    graded.check(ASSIGNMENT, student)
    assert "No se han tenido en cuenta" in graded.feedback(ASSIGNMENT, student)


def test_a_second_run_has_nothing_to_do(graded):
    done = command("grader", "autograde", folder=graded.course.root)
    count = 2 + len(STOPS) + len(GOES_ON) + len(UNREADABLE) + len(BESIDE)
    assert f"{count} skipped" in done.stdout


def test_no_process_is_left(graded):
    assert not [p for p in psutil.process_iter(["cmdline"]) if "4321987" in str(p.info["cmdline"])]
    ours = str(graded.course.root)
    assert not [p for p in psutil.process_iter(["cmdline"]) if ours in str(p.info["cmdline"])]


def test_what_is_printed_obeys_nobody(graded):
    assert "\x1b[2J" not in graded.printed
    assert "\x1b" not in (graded.course.root / ".grading" / "nbgrader.log").read_text("utf-8")
