"""nbgrader's own commands work on the course as they are."""

import os
import signal
import subprocess
import urllib.request

import pytest
from bs4 import BeautifulSoup
from nbgrader.utils import determine_grade

from grader.calibration.known import build, reference
from grader.pages.standing import read_standing

from .course import (
    ASSIGNMENTS,
    BIN,
    ROOT,
    Graded,
    command,
    free_ports,
    full_points,
    hand_in,
    new_course,
    notebook,
    wait_for_answer,
)

ASSIGNMENT = "wine"
SOURCE, RELEASE = notebook("source", ASSIGNMENT), notebook("release", ASSIGNMENT)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A course graded with nbgrader's own commands."""
    course = new_course(tmp_path_factory.mktemp("plain"))
    hand_in(course, "ada", ASSIGNMENT, build(reference(ASSIGNMENT), SOURCE, RELEASE))
    hand_in(course, "eva", ASSIGNMENT, RELEASE)
    command("nbgrader", "autograde", ASSIGNMENT, folder=course.root)
    command("nbgrader", "generate_feedback", ASSIGNMENT, folder=course.root)
    command("nbgrader", "export", "--to", "grades.csv", folder=course.root)
    return Graded(course)


def test_autograde_goes_through_the_sandbox_and_grades_rightly(plain):
    assert plain.points(ASSIGNMENT, "ada") == full_points(ASSIGNMENT)
    assert set(plain.points(ASSIGNMENT, "eva").values()) == {0}
    assert plain.notebook(ASSIGNMENT, "ada").metadata.grader.cpu_seconds > 0  # CourseExecute was at work


def test_feedback_shows_messages_and_no_hidden_test(plain):
    page = plain.feedback(ASSIGNMENT, "eva")
    assert "sin hacer" in page
    for secret in ("HIDDEN TESTS", "from grader", "hidden_data"):
        assert secret not in page


def test_export_lists_both_students(plain):
    lines = (plain.course.root / "grades.csv").read_text("utf-8").splitlines()
    scores = {
        line.split(",")[lines[0].split(",").index("student_id")]: line for line in lines[1:] if ASSIGNMENT in line
    }
    column = lines[0].split(",").index("score")
    assert float(scores["ada"].split(",")[column]) == 10 and float(scores["eva"].split(",")[column]) == 0


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_source_grades_itself_under_plain_nbgrader(assignment):
    """nbgrader's own Execute, the tests inside the kernel: warnings and TensorFlow's log lines cost nothing."""
    from nbgrader.preprocessors import Execute

    path = ROOT / "source" / "es" / assignment
    nb, _ = Execute(timeout=300).preprocess(notebook("source", assignment), {"metadata": {"path": str(path)}})
    grades = [determine_grade(cell) for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert sum(points for points, _ in grades) == 10, [c.outputs for c in nb.cells if c.get("outputs")][-3:]


def test_the_formgrader_opens(plain, tmp_path):
    (port,) = free_ports(1)
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [BIN / "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="],
            cwd=plain.course.root,
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for_answer(f"http://127.0.0.1:{port}/formgrader", server, tmp_path / "log")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/formgrader", timeout=10) as page:
            text = page.read().decode()
        assert "nbgrader" in text and "Manage Assignments" in text
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/formgrader/api/assignments", timeout=30) as answer:
            listed = answer.read().decode()
        for assignment in ASSIGNMENTS:
            assert f'"{assignment}"' in listed
        [ada] = [record for record in read_standing(plain.course).records if record.student == "ada"]
        address = f"http://127.0.0.1:{port}/formgrader/submissions/{ada.notebook_id}/"  # as the report links it
        with urllib.request.urlopen(address, timeout=60) as page:
            assert "def standardise" in BeautifulSoup(page.read(), "html.parser").get_text()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
