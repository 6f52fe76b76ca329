"""No command prints a warning that its user can do nothing about: neither nbgrader's nor `grader`'s."""

import json
import re
import shlex

import nbformat
import pytest

from .course import LIGHT, command, hand_in, new_course
from .test_freshness import RIGHT, source

TEST = """### BEGIN HIDDEN TESTS
from grader import student
assert student.double(2) == 4, "no"
### END HIDDEN TESTS"""
# Python's, of all kinds, and those of programs that log; alembic and TensorFlow write in other ways.
WARNING = re.compile(r"\w*Warning\b|\bWARN(?:ING)?\b|deprecat|not recognized|^W\d{4}", re.IGNORECASE | re.MULTILINE)
COMMANDS = [
    "nbgrader generate_assignment doble",
    "grader release doble",
    "nbgrader db student add eva --last-name Noether",
    "nbgrader db assignment add doble --duedate '2027-03-01 23:59 Europe/Madrid'",
    "nbgrader autograde doble --student ana",
    "grader autograde",
    "nbgrader generate_feedback doble",
    "nbgrader export --to grades.csv",
    "grader report",
    "grader grades doble",
    "nbgrader db upgrade",
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("quiet"), [], LIGHT)
    for index in course.folder("source", ".").glob("*.ipynb"):
        index.unlink()
    path = course.folder("source", "doble") / "doble.ipynb"
    path.parent.mkdir()
    nbformat.write(source(test=TEST), path)
    return course


def hand_in_all(course):
    """Hand in a sound notebook, one of an old JupyterLab, without ids, and one with an id twice."""
    released = json.loads((course.folder("release", "doble") / "doble.ipynb").read_text("utf-8"))
    released["cells"][1]["source"] = RIGHT
    hand_in(course, "ana", "doble", json.dumps(released))
    released["cells"][2]["id"] = released["cells"][1]["id"]
    hand_in(course, "bea", "doble", json.dumps(released))
    released["nbformat_minor"] = 4
    released["cells"] = [{name: cell[name] for name in cell if name != "id"} for cell in released["cells"]]
    hand_in(course, "carla", "doble", json.dumps(released))


def test_all_commands(course):
    said = {}
    for line in COMMANDS:
        done = command(*shlex.split(line), folder=course.root)
        said[line] = WARNING.findall(done.stderr + done.stdout) and done.stderr + done.stdout
        if line.startswith("grader release"):
            hand_in_all(course)
    assert not any(said.values()), "\n".join(f"{line}:\n{text}" for line, text in said.items() if text)
    assert (course.root / "grades.csv").read_text("utf-8").count("doble") == 4  # eva has handed in nothing
    with course.gradebook() as gradebook:
        assert [s.score for s in gradebook.assignment_submissions("doble")] == [4, 4, 4]
