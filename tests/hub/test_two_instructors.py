"""Two instructors grade one class, at once and after one another, while root makes backups: real users, real files.

The tests are one story and run in this order; each continues where the one before ended.
"""

import shlex
import shutil
import signal
import sqlite3
import stat
import subprocess
import time
from contextlib import closing

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ..course import BIN, LIGHT, ROOT, cell
from ..guides import commands
from .conftest import COLLEAGUE, INSTRUCTOR, STUDENTS
from .server import root

STUDENT = STUDENTS[0]
SLOW = 4  # seconds that an answer takes at least: time to stop the grader that waits for it
TEST = """# Objetivo: el doble.
### BEGIN HIDDEN TESTS
from grader import student
assert student.double(21) == 42, "No es el doble."
### END HIDDEN TESTS"""


def double(answer):
    """Return the source of an assignment with one exercise, or a student's notebook of it."""
    cells = [
        cell(new_code_cell, answer, "double", solution=True),
        cell(new_code_cell, TEST, "double-test", grade=True, locked=True, points=10),
    ]
    return nbformat.writes(new_notebook(cells=cells))


@pytest.fixture(scope="module")
def place(shared, new_place):
    """A class of its own, without Keras."""
    folder = shared / "two"
    folder.mkdir()
    place = new_place(folder)
    with (place.course / "nbgrader_config.py").open("a") as file:
        file.write(LIGHT)
    return place


@pytest.fixture(scope="module")
def environment(place):
    """A function that returns the environment of a user's terminal."""

    def of(user):
        settings = {"JUPYTER_CONFIG_PATH": str(ROOT / "hub" / "jupyter"), "COURSE_EXCHANGE": str(place.exchange)}
        return {"HOME": str(user.home), "PATH": f"{BIN}:/usr/bin:/bin", "COLUMNS": "300", **settings}

    return of


@pytest.fixture(scope="module")
def run(place, people, environment):
    """A function that runs a line of shell as one of the users, an instructor in the class's folder."""

    def line(name, text, expected=0):
        folder = place.course if name in (INSTRUCTOR, COLLEAGUE) else people[name].home
        text = f"cd {shlex.quote(str(folder))} && {text}"
        return people[name].run(text, environment(people[name]), timeout=300, expected=expected)

    return line


def test_each_releases_what_the_other_has_written(run, place):
    source = "import time\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    path = "source/es/double/double.ipynb"
    run(INSTRUCTOR, f"umask 007; mkdir source/es/double; echo {shlex.quote(double(source))} > {path}")
    run(INSTRUCTOR, "nbgrader generate_assignment double && nbgrader release_assignment double")
    run(COLLEAGUE, "grader release double && nbgrader release_assignment double --force")
    assert stat.S_IMODE((place.course / "gradebook.db").stat().st_mode) == 0o660


def test_each_collects_what_the_other_has_collected_before(run, place):
    run(STUDENT, "nbgrader fetch_assignment double && nbgrader submit double")
    assert "Collecting submission" in run(INSTRUCTOR, "nbgrader collect double").stderr
    answer = double(f"import time\ndef double(x):\n    time.sleep({SLOW})\n    return 2 * x")
    run(STUDENT, f"echo {shlex.quote(answer)} > double/double.ipynb && nbgrader submit double")
    assert "Updating submission" in run(COLLEAGUE, "nbgrader collect --update double").stderr


def test_while_one_grades_the_other_is_told_and_backups_are_whole(run, place, people, environment, backup):
    grading = subprocess.Popen(
        [BIN / "grader", "autograde", "double"],
        user=people[INSTRUCTOR].name,
        group=people[INSTRUCTOR].name,
        extra_groups=[place.course.group()],
        cwd=place.course,
        env=environment(people[INSTRUCTOR]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list((place.course / ".grading" / "autograded").glob("*/double/double.ipynb")):
        assert grading.poll() is None and time.monotonic() < deadline, grading.communicate()[0]
        time.sleep(0.05)
    grading.send_signal(signal.SIGSTOP)  # it waits for the answer
    root(place, *commands("operator.md", "Upgrades"), expected=1, variables=place.environment())
    said = run(COLLEAGUE, "grader autograde double", expected=1).stdout
    assert f"Another grader, of {people[INSTRUCTOR].name} since" in said and "wait until it is done" in said
    grading.send_signal(signal.SIGCONT)
    with closing(sqlite3.connect(backup() / "gradebook.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    printed = grading.communicate(timeout=300)[0]
    assert grading.returncode == 0 and "1 graded" in printed, printed


def test_each_goes_on_where_the_other_has_ended(run):
    assert "1 graded" in run(COLLEAGUE, "grader autograde double --force").stdout
    run(INSTRUCTOR, "nbgrader autograde double --force")
    for name in (COLLEAGUE, INSTRUCTOR):
        run(name, "nbgrader generate_feedback double --force && nbgrader release_feedback double")


def test_nobody_else_reads_the_class(run, place):
    run(STUDENT, f"ls {place.course}", expected=2)
    run(STUDENT, f"ls {place.exchange}/redes-neuronales/inbound", expected=2)
    closed = [path for path in place.course.rglob("*") if ".git" not in path.parts and not path.is_symlink()]
    group = place.course.stat().st_gid
    assert all(path.stat().st_gid == group and path.stat().st_mode & stat.S_IWGRP for path in closed)


@pytest.fixture(scope="module")
def backup(place, shared):
    """A function that makes a backup as documented, and goes back to it if it is to be restored; returns its folder."""
    folder = shared / "backup"
    first, *others = commands("operator.md", "Backups")
    assert first.startswith("to=/var/backups/")

    def make(restored=False):
        lines = others if restored else others[:-3]
        root(place, f"to={folder}", *lines, variables=place.environment())
        return folder

    return make


def rows(gradebook):
    """Return all that a gradebook holds."""
    with closing(sqlite3.connect(gradebook)) as opened:
        return list(opened.iterdump())


def test_what_is_restored_is_what_was_there_and_both_go_on_with_it(run, place, backup):
    before = rows(place.course / "gradebook.db")
    backup(restored=True)
    lost = place.course.with_name(f"{place.course.name}.before")
    assert rows(place.course / "gradebook.db") == before == rows(lost / "gradebook.db")
    shutil.rmtree(lost)
    assert "1 skipped" in run(INSTRUCTOR, "grader autograde double").stdout
    shutil.rmtree(place.course / "autograded")  # as if the backup of the files were older than that of the gradebook
    assert "1 graded" in run(COLLEAGUE, "grader autograde double").stdout
