"""The instructor's guide: every command of docs/instructor.md, in its order, in a copy of the course."""

import re

import pytest

from .course import ROOT, command, new_course
from .guides import blocks, commands

GUIDE = "instructor.md"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course after all commands of the guide: its folder, and what each command printed."""
    folder = new_course(tmp_path_factory.mktemp("guide"), assignments=[]).root
    double, mistake = blocks(GUIDE, "python")
    (folder / "double.py").write_text(double, "utf-8")
    (folder / "outcomes/es/double").mkdir(parents=True)
    (folder / "outcomes/es/double/wrong_square.py").write_text(mistake, "utf-8")
    before = (folder / "source/es/neuron/neuron.ipynb").read_bytes()
    printed = {line: command("/bin/sh", "-xc", line, folder=folder).stdout for line in commands(GUIDE)}
    assert (folder / "source/es/neuron/neuron.ipynb").read_bytes() == before, "jupytext changes the notebook"
    return folder, printed


def test_the_round_leaves_what_the_guide_says(course):
    folder, printed = course
    assert "1 graded" in printed["grader autograde neuron"]
    archive = folder / "archive" / "2026-27"  # the guide's last command puts all away
    assert "Byron" in (archive / "grades.csv").read_text("utf-8")
    page = (archive / "feedback/ada/neuron/neuron.html").read_text("utf-8")
    assert "Corrección de <strong>Ada Byron</strong>" in page and len(page) > 10_000
    assert "Byron" in (archive / "report.html").read_text("utf-8")
    assert (archive / "dropped/bruno/grades.csv").is_file() and not (folder / "submitted").exists()


def test_a_sixth_assignment_is_released_and_judged(course):
    folder, printed = course
    released = (folder / "release/es/double/double.ipynb").read_text("utf-8")
    assert "return 2 * x" not in released and "HIDDEN" not in released
    assert "4 new runs, 0 cells misjudged" in printed["grader calibrate double --seeds 2 --output calibration"]


def test_the_guide_names_only_files_that_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)", (ROOT / "docs" / GUIDE).read_text("utf-8")):
        assert (ROOT / "docs" / target).exists(), target
