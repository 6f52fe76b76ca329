"""Second attempts, corrected tests, other points, points by hand: old and new results never mix in silence."""

import csv
import os
import re
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import Course, GradingError, sentence
from grader.office.freshness import DONE, NEW, OUTDATED, freshness, grading_digest, work_digest

from .course import LIGHT, ROOT, cell, command, hand_in

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
    path = course.folder("source", "doble") / "doble.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return command("nbgrader", "generate_assignment", "--force", "doble", folder=course.root, expected=expected)


def attempt(course, student, answer, time=None):
    nb = nbformat.read(course.folder("release", "doble") / "doble.ipynb", as_version=4)
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
    return (course.folder("feedback", "doble", student) / "doble.html").read_text("utf-8")


def report(course):
    command("grader", "report", "--output", "r.html", folder=course.root)
    return (course.root / "r.html").read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8") + LIGHT, "utf-8")
    (tmp_path / "data" / "hidden").mkdir(parents=True)
    (tmp_path / "data" / "hidden" / "double.txt").write_text("4")
    course = Course(tmp_path)
    release(course, source())
    return course


def test_a_fresh_clone_has_a_release_and_no_gradebook_and_the_advice_helps(course):
    attempt(course, "ana", RIGHT)
    (course.root / "gradebook.db").unlink()
    said = " ".join(command("grader", "autograde", "doble", folder=course.root, expected=1).stdout.split())
    assert "doble is not released: run `grader release doble` first. Not graded: ana." in said
    command(*re.search("`(grader release[^`]+)`", said)[1].split(), folder=course.root)
    assert "1 graded" in grade(course) and points(course, "ana") == 4


def test_what_has_changed_in_source_or_gone_from_submitted_is_named(course):
    attempt(course, "ana", RIGHT)
    assert "Changed in source/" not in grade(course)
    path = course.folder("source", "doble") / "doble.ipynb"
    another = cell(new_code_cell, TEST, "another-test", grade=True, locked=True, points=1)
    for changed, what in (
        (source(test=TEST.replace("(2)", "(3)")), "the cell double-test."),
        (source(points=3), "the points of double-test."),
        (source(extra=[another]), "the cell another-test is new."),
    ):
        nbformat.write(changed, path)
        said = grade(course)
        assert f"doble is graded as it was released. Changed in source/ since then: {what}" in said
        assert "`grader release doble`" in said
    nbformat.write(source(test=TEST + "\n"), path)
    assert "Changed in source/" not in grade(course)
    path.write_text("no notebook")
    assert "1 skipped" in grade(course)
    attempt(course, "eva", RIGHT)
    shutil.rmtree(course.folder("submitted", "doble", "ana"))
    assert "any more: ana/doble. Their grades stay" in grade(course)


@pytest.mark.parametrize("renamed", [False, True])
def test_an_assignment_of_several_notebooks_or_another_name_is_refused_with_what_to_do(course, renamed):
    attempt(course, "ana", RIGHT)
    folder = course.folder("source", "doble")
    nbformat.write(source(), folder / "triple.ipynb")
    if renamed:
        (folder / "doble.ipynb").unlink()
    done = command("grader", "autograde", "doble", folder=course.root, expected=1, COLUMNS="600").stdout
    assert "An assignment has one notebook" in done and "triple.ipynb" in done and ("Rename it" in done) == renamed
    if renamed:  # the advice, taken
        (folder / "triple.ipynb").rename(folder / "doble.ipynb")
    else:
        (folder / "triple.ipynb").unlink()
    release(course, source())
    assert "1 graded" in grade(course)


TIMES = {  # of the first attempt, and of the second
    "later": ("2027-02-01 10:00 UTC", "2027-02-02 10:00 UTC"),
    "earlier": ("2027-02-02 10:00 UTC", "2027-02-01 10:00 UTC"),
    "none-some": (None, "2027-02-02 10:00 UTC"),
    "some-none": ("2027-02-01 10:00 UTC", None),
    "none-none": (None, None),
    "same-time": ("2027-02-01 10:00 UTC", "2027-02-01 10:00 UTC"),
}


def test_a_year_in_small(course):
    by_hand_given = ("same", "better", "worse")
    hidden = course.root / "data" / "hidden" / "double.txt"
    hidden.write_text("5")  # wrongly
    for student, (first, _) in TIMES.items():
        attempt(course, student, WRONG, first)
    attempt(course, "ana", RIGHT)
    for student in by_hand_given:
        attempt(course, student, WRONG)
    assert "10 graded" in grade(course)
    assert points(course, "ana") == 0 and "0 de 4" in feedback(course, "ana")
    for student in by_hand_given:
        by_hand(course, student, 1.5)
    assert "1.5 de 4" in feedback(course, "same")  # though only the gradebook has changed
    page = course.folder("feedback", "doble", "same") / "doble.html"
    made = page.stat().st_mtime_ns
    feedback(course, "same")
    assert page.stat().st_mtime_ns == made  # nothing has changed: left alone

    # second attempts, whatever their time, and a late first one; the hidden data are mended
    hidden.write_text("4")
    for student, (_, second) in TIMES.items():
        attempt(course, student, RIGHT, second)
    attempt(course, "bea", RIGHT)
    attempt(course, "better", RIGHT)
    attempt(course, "worse", "def double(x):\n    return 3 * x")
    assert "se ha entregado otro, o uno más nuevo" in report(course)
    said = grade(course)
    assert "9 graded, 2 outdated" in said and "grader autograde --outdated doble" in said
    assert "double-test: 4 points now, 1.5 by hand before" in said
    assert "double-test keeps the 1.5 points given by hand to an earlier attempt" in said
    assert {points(course, student) for student in (*TIMES, "bea", "better")} == {4}
    assert points(course, "ana") == 0 and "versión anterior de la tarea" in report(course)
    assert state(course, "same") == (1.5, False, 1.5, "Casi.")
    assert state(course, "better") == (None, False, 4, "Casi.")
    assert state(course, "worse") == (1.5, True, 1.5, "Casi.")

    # a release with other points
    release(course, source(points=10))
    said = grade(course)
    assert "11 outdated" in said and "11 of 11 were graded with an older release" in said
    assert "11 graded" in grade(course, "--outdated")
    assert {points(course, student) for student in (*TIMES, "ana", "bea", "better")} == {10}
    assert state(course, "same") == (1.5, True, 1.5, "Casi.")  # of four, and it is worth ten now
    assert state(course, "worse") == (1.5, True, 1.5, "Casi.")
    page = feedback(course, "ana")  # made again, though there was one
    assert "10 de 10" in page and "0 de 4" not in page
    assert "11 skipped" in grade(course, "--outdated")
    assert "versión anterior de la tarea" not in report(course)
    command("nbgrader", "export", "--to", "g.csv", folder=course.root)
    with (course.root / "g.csv").open(encoding="utf-8-sig") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student: points(course, student) for student in exported}


def test_a_release_that_nbgrader_would_refuse_is_left_as_it_is(course):
    attempt(course, "ana", RIGHT)
    with course.gradebook() as gradebook:
        gradebook.add_student("ana")
        gradebook.add_submission("doble", "ana")
    more = cell(new_code_cell, TEST.replace("(2)", "(-2)"), "double-more-test", grade=True, locked=True, points=1)
    refused = release(course, source(extra=[more]), expected=1)
    assert "the cell double-more-test is new" in refused.stderr and "Traceback" not in refused.stderr
    released = course.folder("release", "doble") / "doble.ipynb"
    assert released.is_file()
    assert "1 graded" in grade(course) and points(course, "ana") == 4
    # what it advises works, the one way and the other
    assert release(course, source()).returncode == 0
    release(course, source(extra=[more]), expected=1)
    for advice in re.findall("`(grader [^`]+)`", refused.stderr):
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


def test_what_nbgrader_itself_graded_is_known_as_well(course):
    attempt(course, "ana", WRONG)
    command("nbgrader", "autograde", "doble", folder=course.root)
    folder, tests = course.folder("submitted", "doble", "ana"), grading_digest(course, "doble")
    assert freshness(course, "doble", "ana", work_digest(folder), tests) == DONE
    attempt(course, "ana", RIGHT)
    for path in folder.iterdir():
        os.utime(path, (10**9, 10**9))  # as it comes out of an archive
    assert freshness(course, "doble", "ana", work_digest(folder), tests) == NEW
    assert freshness(course, "doble", "ana", work_digest(folder), "other") == NEW
    path = course.folder("autograded", "doble", "ana") / "doble.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.metadata["grader"] = {"work": work_digest(folder), "tests": tests}
    path.chmod(0o644)
    nbformat.write(nb, path)
    assert freshness(course, "doble", "ana", work_digest(folder), tests) == DONE
    assert freshness(course, "doble", "ana", work_digest(folder), "other") == OUTDATED
    shutil.rmtree(course.folder("autograded", "doble", "ana"))
    assert freshness(course, "doble", "ana", work_digest(folder), tests) == NEW


def test_a_full_disk_and_an_old_gradebook_are_one_sentence(course):
    assert sentence(OSError(28, "No space left on device")).startswith("The disk is full: make room")
    assert sentence(GradingError("as it is")) == "as it is"
    attempt(course, "ana", RIGHT)
    with course.gradebook() as gradebook:
        gradebook.db.connection().exec_driver_sql("ALTER TABLE student RENAME COLUMN lms_user_id TO old")
        gradebook.db.commit()
    done = command("grader", "autograde", folder=course.root, expected=1)
    assert "nbgrader db upgrade" in done.stdout and "Traceback" not in done.stdout + done.stderr
