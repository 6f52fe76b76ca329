"""release/ is what nbgrader makes of source/ today, and nothing that students must not see is in it."""

import csv
import filecmp
import json
import re
import subprocess
from pathlib import Path

import pytest

from .course import ASSIGNMENTS, ROOT, command, notebook

RELEASE = ROOT / "release" / "es"
INDEX = Path("index.ipynb")  # copied as it is; tests/test_index.py looks into it
REGION = r"### BEGIN {0}\n(.*?)### END {0}"
HIDDEN, SOLUTION = (re.compile(REGION.format(name), re.DOTALL) for name in ("HIDDEN TESTS", "SOLUTION"))


def files(folder):
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if ".ipynb_checkpoints" not in path.parts}  # JupyterLab's, ignored by git


def regions(pattern, assignment):
    return [text for cell in notebook("source", assignment).cells for text in pattern.findall(cell.source)]


def lines(text):
    return {line for line in map(str.strip, text.split("\n")) if line and not line.startswith("#")}


def test_release_is_up_to_date(graded):
    made = graded.course.root / "release" / "es"
    assert files(made) | {INDEX} == files(RELEASE), "run `make release`"
    _, different, errors = filecmp.cmpfiles(made, RELEASE, map(str, files(made)), shallow=False)
    assert not different and not errors, f"run `make release`: {different} {errors}"


def test_who_may_read_the_installation_reads_no_solution():
    """docs/operator.md closes folders to all but root; the others are open to students of that machine."""
    guide = (ROOT / "docs" / "operator.md").read_text("utf-8")
    closed = set(re.search(r"^chmod 700 (.+)$", guide, re.MULTILINE).group(1).split())
    secret = set()
    for assignment in ASSIGNMENTS:
        shown = lines("\n".join(cell.source for cell in notebook("release", assignment).cells))
        for pattern in (SOLUTION, HIDDEN):
            secret |= {line for text in regions(pattern, assignment) for line in lines(text) - shown if len(line) > 60}
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in tracked.split("\0") if name and name.partition("/")[0] not in closed]
    assert len(secret) > 500 and len(names) > 150
    for name in names:
        found = lines((ROOT / name).read_text("utf-8", errors="replace")) & secret
        assert not found or name == "docs/notebooks.md", (name, found)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_hidden_test_is_released(assignment):
    released = "\n".join(cell.source for cell in notebook("release", assignment).cells)
    shown = {line for cell in notebook("source", assignment).cells for line in lines(HIDDEN.sub("", cell.source))}
    for test in regions(HIDDEN, assignment):
        for line in lines(test) - shown:
            assert len(line) < 25 or line not in released, line
        for number in re.findall(r"\d+\.?\d*", test):  # an expected value has many digits, a tolerance few
            assert len(number.replace(".", "").strip("0")) < 5 or number not in released, number
    assert "HIDDEN TESTS" not in released and "from grader" not in released


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_solution_is_released(assignment):
    released = "\n".join(cell.source for cell in notebook("release", assignment).cells)
    squeezed = re.sub(r"\s+", "", released)
    assert regions(SOLUTION, assignment)
    for solution in regions(SOLUTION, assignment):
        assert re.sub(r"\s+", "", solution) not in squeezed
    for cell in notebook("release", assignment).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution") and cell.cell_type == "code":
            assert cell.source.count('raise NotImplementedError("Escribe aquí tu solución.")') >= 1, mark.grade_id
    assert "BEGIN SOLUTION" not in released


def test_no_held_out_wine_is_released():
    with (ROOT / "data" / "hidden" / "wine_hidden.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert len(rows) == 36
    everything = [path.read_text("utf-8") for path in RELEASE.rglob("*") if path.is_file()]
    for row in rows:
        for separator in (",", ", ", "\t"):
            assert not any(separator.join(row[1:6]) in text for text in everything), row


def test_released_files_are_those_meant_for_students():
    assert files(RELEASE) == {
        INDEX,
        *(Path(a, f"{a}.ipynb") for a in ASSIGNMENTS),
        Path("wine", "wine_shuffled.data"),
    }
    for assignment in ASSIGNMENTS:
        released = json.loads((RELEASE / assignment / f"{assignment}.ipynb").read_text("utf-8"))
        assert set(released["metadata"]) <= {"kernelspec", "language_info", "release"}
        for cell in released["cells"]:
            assert not cell.get("outputs") and not cell.get("execution_count") and "attachments" not in cell
            assert set(cell["metadata"]) <= {"nbgrader", "jupyter", "editable", "deletable", "tags", "cellView"}


def test_nbgrader_refuses_a_solution_outside_its_cell(tmp_path):
    """The guard behind these tests: nbgrader itself will not release an unmarked solution."""
    folder = tmp_path / "source" / "es" / "wine"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    source = json.loads((ROOT / "source" / "es" / "wine" / "wine.ipynb").read_text("utf-8"))
    source["cells"][-1]["source"] = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    (folder / "wine.ipynb").write_text(json.dumps(source), "utf-8")
    done = command("nbgrader", "generate_assignment", "wine", folder=tmp_path, expected=None)
    assert done.returncode != 0
