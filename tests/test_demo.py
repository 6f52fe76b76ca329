"""The demo's class; `make demo` itself grades it, in CI too, and fails where anyone gets other points than deserved."""

import nbformat
import pytest

from grader.calibration.known import find
from grader.course import Course
from grader.demo import DAMAGE, hand_in

from .course import ASSIGNMENTS, ROOT

STUDENTS = ("ada", "bruno", "carla", "diego", "eva")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    for folder in ("source", "release"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    return Course(tmp_path)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_class_hands_in_what_is_right_partial_wrong_and_untouched(assignment, course):
    expected = hand_in(course, assignment, find(Course(ROOT).outcomes, assignment), DAMAGE[0])
    points = [expected[assignment, student] for student in STUDENTS]
    assert points[0] == points[1] == 10 > max(points[2:4]) and min(points[2:4]) > points[4] == 0
    folders = [course.folder("submitted", assignment, student) for student in STUDENTS]
    texts = [(folder / f"{assignment}.ipynb").read_text("utf-8") for folder in folders]
    assert len(set(texts)) == len(STUDENTS)
    sources = [cell.source for cell in course.source(assignment).cells]
    released = {c.source for c in nbformat.reads(texts[4], 4).cells}
    answers = [{cell.source for cell in nbformat.reads(text, 4).cells} - released for text in texts[2:4]]
    assert all(answers) and not any(answer <= set(sources) for answer in answers)


def test_without_known_outcomes_it_says_who_hands_in_what(course, capsys):
    expected = hand_in(course, "neuron", [], DAMAGE[0])
    assert [expected["neuron", student] for student in STUDENTS] == [10, 10, 0, 0, 0]
    assert "carla and diego hand in neuron untouched" in " ".join(capsys.readouterr().out.split())
