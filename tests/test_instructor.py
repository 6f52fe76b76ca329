"""The instructor's guide: every command of docs/instructor.md, in its order, in a copy of the course."""

import os
import re
import shutil
import subprocess

import pytest

from .conftest import BIN, ROOT

PAGE = (ROOT / "docs" / "instructor.md").read_text("utf-8")


def blocks(language):
    """Return the code blocks of a language, in their order."""
    return re.findall(rf"^```{language}$\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course after all commands of the guide: its folder, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for part in ("source", "data"):
        shutil.copytree(ROOT / part, folder / part)
    double, mistake = blocks("python")
    (folder / "double.py").write_text(double, "utf-8")
    (folder / "tests/submissions/double").mkdir(parents=True)
    (folder / "tests/submissions/double/wrong_square.py").write_text(mistake, "utf-8")
    before = (folder / "source/es/neuron/neuron.ipynb").read_bytes()
    printed = {}
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "200"}
    for line in "".join(blocks("sh")).splitlines():
        done = subprocess.run(
            line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        printed[line.partition("  #")[0].strip()] = done.stdout
    assert (folder / "source/es/neuron/neuron.ipynb").read_bytes() == before, "jupytext changes the notebook"
    return folder, printed


def test_the_round_leaves_what_the_guide_says(course):
    folder, printed = course
    assert "1 graded" in printed["grader autograde neuron"]
    assert "ada" in (folder / "grades.csv").read_text("utf-8")
    assert (folder / "feedback/ada/neuron/neuron.html").stat().st_size > 10_000
    assert "ada" in (folder / "report.html").read_text("utf-8")


def test_a_sixth_assignment_is_released_and_judged(course):
    folder, printed = course
    released = (folder / "release/es/double/double.ipynb").read_text("utf-8")
    assert "return 2 * x" not in released and "HIDDEN" not in released
    assert "4 new runs, 0 cells misjudged" in printed["grader calibrate double --seeds 2 --output calibration"]


def test_the_guide_names_only_files_that_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
