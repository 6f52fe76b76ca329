"""nbgrader's own commands work on the course as they are."""

import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import nbformat
import pytest
from nbgrader.utils import determine_grade

from grader.submissions import build

from .conftest import ASSIGNMENTS, BIN, DRAWN_SEEDS, ROOT, Graded, command, hand_in, new_course, notebook, reference
from .strangers import with_strangers

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
    return Graded(course, {}, "")


def test_autograde_goes_through_the_sandbox_and_grades_rightly(plain):
    assert plain.points(ASSIGNMENT, "ada") == reference(ASSIGNMENT).expected(SOURCE)
    assert set(plain.points(ASSIGNMENT, "eva").values()) == {0}
    path = plain.course.folder("autograded", "ada", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    assert nbformat.read(path, as_version=4).metadata.grader.cpu_seconds > 0  # CourseExecute was at work


def test_feedback_shows_messages_and_no_hidden_test(plain):
    page = (plain.course.folder("feedback", "eva", ASSIGNMENT) / f"{ASSIGNMENT}.html").read_text("utf-8")
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
def test_validate_passes_a_solved_notebook_whatever_its_names_are_used_for(assignment, tmp_path):
    """In a cold kernel of Jupyter's, imports included, the hidden tests in the notebook itself; no cell may complain.

    A minute of processor time, which is more than the wall time of a machine with nothing else to do.
    """
    shutil.copytree(ROOT / "source" / "es" / assignment, tmp_path / assignment)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    nb = notebook("source", assignment)
    nb.cells = with_strangers(nb, random.Random(DRAWN_SEEDS[0]))
    nbformat.write(nb, tmp_path / assignment / f"{assignment}.ipynb")
    options = ["--Validator.validate_all=True", "--Execute.timeout=180", "--Execute.iopub_timeout=60"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = command("nbgrader", "validate", *options, f"{assignment}.ipynb", folder=tmp_path / assignment)
    assert "Success! Your notebook passes all the tests." in done.stdout, (DRAWN_SEEDS, done.stdout[-3000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60


def test_validate_tells_a_student_what_is_left_without_any_setting(tmp_path):
    """In a folder with the notebook alone: an untouched exercise is no success."""
    shutil.copy(ROOT / "release" / "es" / "neuron" / "neuron.ipynb", tmp_path)
    done = command("nbgrader", "validate", "neuron.ipynb", folder=tmp_path, expected=None)
    assert "VALIDATION FAILED ON 10 CELL(S)" in done.stdout and "Success! Your notebook passes" not in done.stdout
    assert done.stdout.count("sin hacer todavía") == 10, done.stdout


def test_the_source_grades_itself_under_plain_nbgrader():
    """nbgrader's own Execute, the tests inside the kernel: warnings and TensorFlow's log lines cost nothing."""
    from nbgrader.preprocessors import Execute

    path = ROOT / "source" / "es" / ASSIGNMENT
    nb, _ = Execute(timeout=300).preprocess(SOURCE, {"metadata": {"path": str(path)}})
    grades = [determine_grade(cell) for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert sum(points for points, _ in grades) == 10, [c.outputs for c in nb.cells if c.get("outputs")][-3:]


def test_the_formgrader_opens(plain):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    server = subprocess.Popen(
        [BIN / "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="],
        cwd=plain.course.root,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for attempt in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/formgrader", timeout=10) as page:
                    text = page.read().decode()
                break
            except OSError:
                assert server.poll() is None and attempt < 99
                time.sleep(0.5)
        assert "nbgrader" in text and "Manage Assignments" in text
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/formgrader/api/assignments", timeout=30) as answer:
            listed = answer.read().decode()
        for assignment in ASSIGNMENTS:
            assert f'"{assignment}"' in listed
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
