"""A year in small: second attempts, corrected tests, other points, points by hand; what was graded before is not mixed
with it in silence. Through the real commands."""

import csv
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.autograde import Course, GradingError, _sentence
from grader.freshness import DONE, NEW, OUTDATED, freshness, grading_digest, work_digest

from .conftest import ROOT, cell, command, hand_in

TEST = """# Objetivo: el doble.
### BEGIN HIDDEN TESTS
from grader import hidden_data, student
assert student.double(2) == int(open(hidden_data("double.txt")).read()), "double(2) no es el doble"
### END HIDDEN TESTS"""
RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return x"


def source(points=4, test=TEST, extra=()):
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nb.cells = [
        new_markdown_cell("# Doble\n\n## Ejercicio 1 · `double` (4 puntos)"),
        cell(new_code_cell, f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "double", solution=True),
        cell(new_code_cell, test, "double-test", grade=True, locked=True, points=points),
        *extra,
    ]
    return nb


def release(course, nb, expected=0):
    path = course.folder("source", ".", "doble") / "doble.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return command("nbgrader", "generate_assignment", "--force", "doble", folder=course.root, expected=expected)


def attempt(course, student, answer, time=None):
    nb = nbformat.read(course.folder("release", ".", "doble") / "doble.ipynb", as_version=4)
    nb.cells[1].source = answer
    path = hand_in(course, student, "doble", nb)
    (path.parent / "timestamp.txt").unlink(missing_ok=True)
    if time:
        (path.parent / "timestamp.txt").write_text(time, "utf-8")


def grade(course, *options):
    return " ".join(command("grader", "autograde", "doble", *options, folder=course.root, COLUMNS="400").stdout.split())


def points(course, student):
    with course.gradebook() as gradebook:
        return gradebook.find_submission("doble", student).score


def by_hand(course, student, given):
    with course.gradebook() as gradebook:
        found = gradebook.find_grade("double-test", "doble", "doble", student)
        found.manual_score, found.needs_manual_grade = given, False
        gradebook.find_comment("double", "doble", "doble", student).manual_comment = "Casi."
        gradebook.db.commit()


def state(course, student):
    with course.gradebook() as gradebook:
        found = gradebook.find_grade("double-test", "doble", "doble", student)
        comment = gradebook.find_comment("double", "doble", "doble", student).manual_comment
        return found.manual_score, found.needs_manual_grade, found.score, comment


def feedback(course, student):
    command("nbgrader", "generate_feedback", "doble", folder=course.root)
    return (course.folder("feedback", student, "doble") / "doble.html").read_text("utf-8")


def report(course):
    command("grader", "report", "--output", "r.html", folder=course.root)
    return (course.root / "r.html").read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    (tmp_path / "data" / "hidden").mkdir(parents=True)
    (tmp_path / "data" / "hidden" / "double.txt").write_text("4")
    course = Course(tmp_path)
    release(course, source())
    return course


TIMES = {  # of the first attempt, and of the second
    "later": ("2027-02-01 10:00 UTC", "2027-02-02 10:00 UTC"),
    "earlier": ("2027-02-02 10:00 UTC", "2027-02-01 10:00 UTC"),
    "none-some": (None, "2027-02-02 10:00 UTC"),
    "some-none": ("2027-02-01 10:00 UTC", None),
    "none-none": (None, None),
    "same": ("2027-02-01 10:00 UTC", "2027-02-01 10:00 UTC"),
}


def test_a_second_attempt_is_graded_whatever_its_time(course):
    for student, (first, _) in TIMES.items():
        attempt(course, student, WRONG, first)
    attempt(course, "once", RIGHT, "2027-02-01 10:00 UTC")
    assert "7 graded" in grade(course)
    for student, (_, second) in TIMES.items():
        attempt(course, student, RIGHT, second)
    assert "a newer one, or another, has been handed in" in report(course)
    said = grade(course)
    assert "6 graded, 1 skipped" in said
    assert {points(course, student) for student in TIMES} == {4}
    # nothing of it is seen as new again
    assert "7 skipped" in grade(course)


def test_what_an_older_release_graded_is_named_and_graded_again_when_asked(course):
    for student in ("ana", "bea"):
        attempt(course, student, RIGHT)
    (course.root / "data" / "hidden" / "double.txt").write_text("5")
    grade(course, "--student", "ana")
    assert points(course, "ana") == 0
    assert "0 de 4" in feedback(course, "ana")
    (course.root / "data" / "hidden" / "double.txt").write_text("4")  # the hidden data are mended
    said = grade(course)
    assert "1 graded, 1 outdated" in said and "ana" in said and "grader autograde --outdated doble" in said
    assert points(course, "bea") == 4 and points(course, "ana") == 0
    assert "older release" in report(course)
    release(course, source(points=10))  # and worth more
    said = grade(course)
    assert "2 outdated" in said and "2 of 2 were graded with an older release" in said
    assert "2 graded" in grade(course, "--outdated")
    assert {points(course, student) for student in ("ana", "bea")} == {10}
    page = feedback(course, "ana")  # made again, though there was one
    assert "10 de 10" in page and "0 de 4" not in page
    assert "2 skipped" in grade(course, "--outdated")
    assert "older release" not in report(course)


def test_points_by_hand_stay_with_the_answer_that_they_were_given_for(course):
    for student in ("same", "better", "worse"):
        attempt(course, student, WRONG)
    grade(course)
    for student in ("same", "better", "worse"):
        by_hand(course, student, 1.5)
    assert "1.5 de 4" in feedback(course, "same")  # nothing but the gradebook has changed
    attempt(course, "better", RIGHT)
    attempt(course, "worse", "def double(x):\n    return 3 * x")
    said = grade(course)
    assert "double-test: 4 points now, 1.5 by hand before" in said
    assert "double-test keeps the 1.5 points given by hand to an earlier attempt" in said
    grade(course, "--force", "--student", "same")
    assert state(course, "same") == (1.5, False, 1.5, "Casi.")
    assert state(course, "better") == (None, False, 4, "Casi.")
    assert state(course, "worse") == (1.5, True, 1.5, "Casi.")
    by_hand(course, "same", 2)
    assert "2 de 4" in feedback(course, "same")
    command("nbgrader", "export", "--to", "g.csv", folder=course.root)
    with (course.root / "g.csv").open(encoding="utf-8-sig") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {
            "better": 4.0,
            "same": 2.0,
            "worse": 1.5,
        }


def test_a_release_that_nbgrader_would_refuse_is_left_as_it_is(course):
    attempt(course, "ana", RIGHT)
    grade(course)
    more = cell(new_code_cell, TEST.replace("(2)", "(-2)"), "double-more-test", grade=True, locked=True, points=1)
    refused = release(course, source(extra=[more]), expected=1)
    assert "the cell double-more-test is new" in refused.stderr and "Traceback" not in refused.stderr
    released = course.folder("release", ".", "doble") / "doble.ipynb"
    assert released.is_file()
    attempt(course, "bea", RIGHT)
    assert "1 graded, 1 skipped" in grade(course) and points(course, "bea") == 4
    # what it advises works, the one way and the other
    assert release(course, source()).returncode == 0
    release(course, source(extra=[more]), expected=1)
    for advice in refused.stderr.split("grade anew: ")[1].split("`")[1::2]:
        command(*advice.split(), folder=course.root)
    assert points(course, "ana") == 4 and "double-more-test" in released.read_text("utf-8")


def test_work_is_its_content(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "timestamp.txt").write_text("2027-02-01 10:00 UTC")
    first = work_digest(tmp_path)
    (tmp_path / "timestamp.txt").unlink()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a.ipynb").write_text("[]")
    (tmp_path / "link").symlink_to(tmp_path / "a.ipynb")
    assert work_digest(tmp_path) == first
    (tmp_path / "b.py").write_text("")
    second = work_digest(tmp_path)
    (tmp_path / "b.py").rename(tmp_path / "c.py")
    assert len({first, second, work_digest(tmp_path)}) == 3


def test_what_nbgrader_itself_graded_goes_by_the_files_times(course):
    attempt(course, "ana", WRONG)
    command("nbgrader", "autograde", "doble", folder=course.root)
    tests = grading_digest(course, "doble")
    assert freshness(course, "doble", "ana", tests) == DONE
    attempt(course, "ana", RIGHT)
    assert freshness(course, "doble", "ana", tests) == NEW
    grade(course)
    assert freshness(course, "doble", "ana", tests) == DONE
    assert freshness(course, "doble", "ana", "other") == OUTDATED
    shutil.rmtree(course.folder("autograded", "ana", "doble"))
    assert freshness(course, "doble", "ana", tests) == NEW


def test_a_full_disk_and_an_old_gradebook_are_one_sentence(course):
    assert _sentence(OSError(28, "No space left on device")).startswith("The disk is full: make room")
    assert _sentence(GradingError("as it is")) == "as it is"
    attempt(course, "ana", RIGHT)
    with course.gradebook() as gradebook:
        gradebook.db.connection().exec_driver_sql("ALTER TABLE student RENAME COLUMN lms_user_id TO old")
        gradebook.db.commit()
    done = command("grader", "autograde", folder=course.root, expected=1)
    assert "nbgrader db upgrade" in done.stdout and "Traceback" not in done.stdout + done.stderr
