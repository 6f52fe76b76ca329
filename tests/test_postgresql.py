"""A gradebook on PostgreSQL, of a real server: all commands work, two graders write, nothing is lost when it stops."""

import os
import shutil
import subprocess
import time

import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.exc import DBAPIError

from grader.archive import archive
from grader.course import Course, GradebookLost, GradingError, sentence
from grader.ground import database

from .course import BIN, LIGHT, cannot_test, command, hand_in, new_course
from .postgresql import PASSWORD, Server, programs
from .test_freshness import RIGHT, WRONG, source

SLEEP = "import time\ntime.sleep(8)\n"
ENVIRONMENT = {"PGPASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def server():
    if not programs():
        cannot_test(["Install Debian's package `postgresql`."], "A GRADEBOOK ON POSTGRESQL IS")
    with pytest.MonkeyPatch.context() as patch, Server() as server:
        patch.setenv("PGPASSWORD", PASSWORD)
        database.install()
        yield server


def course_on(server, folder, *assignments):
    """Lay out a course whose gradebook is on the server, with the exercise `doble` as each assignment."""
    folder.mkdir(exist_ok=True)
    address = server.new_database(folder.name)
    course = new_course(folder, [], f"{LIGHT}c.CourseDirectory.db_url = {address!r}\n")
    for assignment in assignments:
        path = course.folder("source", assignment) / f"{assignment}.ipynb"
        path.parent.mkdir()
        nbformat.write(source(test="from grader import student\nassert student.double(2) == 4, 'no'"), path)
        command("nbgrader", "generate_assignment", assignment, folder=folder)
    return course


def attempt(course, student, assignment, answer):
    nb = nbformat.read(course.folder("release", assignment) / f"{assignment}.ipynb", as_version=4)
    nb.cells[1].source = answer
    hand_in(course, student, assignment, nb)


def start_grader(course, *options):
    return subprocess.Popen(
        [BIN / "grader", "autograde", *options], cwd=course.root, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


def points(course):
    with course.gradebook() as gradebook:
        return {(a.name, s.student.id): s.score for a in gradebook.assignments for s in a.submissions}


def test_two_graders_and_all_commands(server, tmp_path):
    """Two course folders, one gradebook: both enter the same students at the same time, each in another assignment."""
    one = course_on(server, tmp_path / "one", "doble", "triple")
    shutil.copytree(one.root, tmp_path / "two")
    two = Course(tmp_path / "two")
    students = [f"student{n}" for n in range(6)]
    for course, assignment in ((one, "doble"), (two, "triple")):
        for n, student in enumerate(students):
            attempt(course, student, assignment, WRONG if n % 2 else RIGHT)
    graders = [start_grader(course) for course in (one, two)]
    said = [grader.communicate(timeout=900)[0] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], said
    assert all("6 graded" in text for text in said), said
    expected = {(a, s): 0 if n % 2 else 4 for a in ("doble", "triple") for n, s in enumerate(students)}
    assert points(one) == expected

    command("nbgrader", "autograde", "doble", "--student", students[1], "--force", folder=one.root)
    command("nbgrader", "generate_feedback", "doble", folder=one.root)
    command("nbgrader", "export", "--to", "grades.csv", folder=one.root)
    command("grader", "report", "--output", "report.html", folder=one.root)
    command("grader", "grades", "doble", folder=one.root)
    assert points(one) == expected
    assert (one.folder("feedback", "doble", students[1]) / "doble.html").is_file()
    assert (one.root / "grades.csv").read_text().count("triple") == len(students)
    assert students[5] in (one.root / "report.html").read_text()

    api = NbGraderAPI(one.coursedir)
    assert {a["name"]: a["num_submissions"] for a in api.get_assignments()}["doble"] == len(students)
    assert {(s["student"], s["score"]) for s in api.get_submissions("doble") if s["score"] is not None} == {
        (student, score) for (name, student), score in expected.items() if name == "doble"
    }
    assert {s["id"]: s["score"] for s in api.get_students()}[students[0]] == 8
    assert len(api.get_notebook_submissions("doble", "doble")) == len(students)


def test_the_server_stops_amid_grading(server, tmp_path):
    """One sentence; with the server back, the same command grades the rest."""
    course = course_on(server, tmp_path / "stopped", "doble")
    for student, answer in (("ana", RIGHT), ("bea", SLEEP + RIGHT), ("carla", RIGHT)):
        attempt(course, student, "doble", answer)
    grader = start_grader(course, "--workers", "1")  # one after the other
    while not course.folder("autograded", "doble", "ana").exists():
        assert grader.poll() is None, grader.stdout.read()
        time.sleep(0.1)
    server.stop()
    try:
        said, _ = grader.communicate(timeout=600)
        released = command("nbgrader", "generate_assignment", "--force", "doble", folder=course.root, expected=1)
    finally:
        server.start()
    assert grader.returncode == 1
    assert said.count("Not graded: The gradebook's server cannot be used") == 1 and "start it" in said, said
    assert "Traceback" not in said + released.stderr and "Not released: The gradebook's server" in released.stderr
    assert (course.folder("release", "doble") / "doble.ipynb").is_file()
    assert "2 graded, 1 skipped" in command("grader", "autograde", folder=course.root).stdout
    assert set(points(course).values()) == {4} and len(points(course)) == 3


def test_names_that_do_not_fit(server, tmp_path):
    course = course_on(server, tmp_path / "long", "doble")
    long = "x" * 150
    attempt(course, long, "doble", RIGHT)
    attempt(course, "ana", "doble", RIGHT)
    done = command("grader", "autograde", folder=course.root, expected=1, COLUMNS="600")
    assert f"names of up to 128 characters: rename the folder {long}." in done.stdout and "1 graded" in done.stdout
    path = course.folder("source", "doble") / "doble.ipynb"
    path.write_text(path.read_text("utf-8").replace('"double-test"', f'"{long}"'), "utf-8")
    done = command("nbgrader", "generate_assignment", "--force", "doble", folder=course.root, expected=1)
    assert f"names of up to 128 characters, not {long}." in done.stderr and "Traceback" not in done.stderr
    with course.gradebook() as gradebook, pytest.raises(Exception) as caught:
        gradebook.add_student("eva", last_name=long)
    assert sentence(caught.value).startswith("A name is longer than the 128 characters")


def test_a_year_on_a_server_is_not_archived(server, tmp_path):
    course = course_on(server, tmp_path / "year")
    with pytest.raises(GradingError, match="with a new database"):
        archive(course, "2026-27")
    assert not (course.root / "archive").exists()


def test_what_is_wrong_with_an_address_is_one_sentence(server, tmp_path, monkeypatch):
    course = course_on(server, tmp_path / "address")
    good = course.coursedir.db_url
    for scheme in ("postgresql+no_such_driver:", "postgres:", "no address"):
        course.coursedir.db_url = good.replace("postgresql+psycopg:", scheme)
        with pytest.raises(GradingError, match=r"db_url .* postgresql\+psycopg://"):
            course.gradebook()
    for address, password, said in (
        (good.replace("/address", "/nowhere"), PASSWORD, '"nowhere" does not exist'),
        (good, "wrong", "password authentication failed"),
        (good.replace(f":{server.port}/", ":1/"), PASSWORD, "onnection refused"),
    ):
        monkeypatch.setenv("PGPASSWORD", password)
        course.coursedir.db_url = address
        with pytest.raises(DBAPIError) as caught:
            course.gradebook()
        with pytest.raises(GradebookLost, match="start it, or mend") as lost:
            sentence(caught.value)
        assert said in str(lost.value) and "\n" not in str(lost.value)


def test_what_another_grader_enters_meanwhile_is_found_on_the_next_attempt(server, tmp_path):
    course, found = course_on(server, tmp_path / "collision"), []

    def enter():
        with course.gradebook() as ours:
            if not found:  # as one who has looked in vain a moment ago
                with course.gradebook() as theirs:
                    theirs.add_student("eva")
                found.append("by another")
                ours.add_student("eva")
            return ours.find_student("eva").id

    assert database.undisturbed(enter) == "eva" and found == ["by another"]
    with pytest.raises(ZeroDivisionError):
        database.undisturbed(lambda: 1 / 0)


def test_who_keeps_the_gradebook_locked_is_told_of(server, tmp_path, monkeypatch):
    course = course_on(server, tmp_path / "locked")
    monkeypatch.setattr(database, "LOCKED_SECONDS", 0.5)
    with course.gradebook() as theirs, course.gradebook() as ours:
        theirs.add_student("eva")
        theirs.find_student("eva").email = "eva@example.org"
        theirs.db.flush()
        with pytest.raises(Exception) as caught:
            ours.update_or_create_student("eva", email="otra@example.org")
        theirs.db.rollback()
    assert sentence(caught.value).startswith("Another program is writing to the gradebook")
