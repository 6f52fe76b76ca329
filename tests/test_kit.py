"""The course for home: the zip, unpacked in an empty folder, and an environment made from its own files."""

import os
import random
import re
import resource
import subprocess
import sys
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup

from grader import kit
from grader.calibration.known import build, reference

from .course import ASSIGNMENTS, DRAWN_SEEDS, ROOT, notebook
from .strangers import with_strangers


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The unpacked folder, with an environment made by the commands of its page, and notebooks' kernels of that."""
    folder = tmp_path_factory.mktemp("in casa")  # with a blank
    with zipfile.ZipFile(kit.write(ROOT)) as archive:
        archive.extractall(folder)
    folder /= kit.NAME
    page = BeautifulSoup((folder / "LEEME.html").read_text("utf-8"), "html.parser")
    commands = next(block.text for block in page.find_all("pre") if "python3" in block.text).strip().split("\n")
    assert commands[2] == ".venv/bin/jupyter-lab index.ipynb"
    for line in commands[:2]:
        words = [sys.executable if word == "python3" else word for word in line.split(" ")]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=clean())
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (folder / ".venv/bin/jupyter-lab").exists()
    return folder


def clean():
    """Return an environment without paths of the course's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIRTUAL_ENV", "PYTHON"))}
    return {**kept, "PATH": os.defpath, "COLUMNS": "200"}


def validate(home, path):
    """Return what the kit's nbgrader says of a notebook."""
    command = [home / ".venv/bin/nbgrader", "validate", path.name]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, timeout=900, env=clean())
    return done.stdout + done.stderr


def test_the_zip_holds_what_students_get_and_nothing_else():
    files = kit.contents(ROOT)
    folders = sorted({name.split("/")[0] for name in files if "/" in name})
    assert folders == ["1-neuron", "2-activation", "3-epochs", "4-regression", "5-wine"]
    assert [name for name in files if "wine" in name] == ["5-wine/wine.ipynb", "5-wine/wine_shuffled.data"]
    assert {"index.ipynb", "LEEME.html", "requirements.txt", "environment.yml", "nbgrader_config.py"} <= set(files)
    hidden = [path.read_bytes() for path in (ROOT / "data" / "hidden").iterdir()]
    for name, text in files.items():
        assert text not in hidden and not re.search(
            b"(BEGIN|END) (HIDDEN TESTS|SOLUTION)|from grader|hidden_data", text
        ), name
    index = files["index.ipynb"].decode()
    links = re.findall(r"\]\((\d-[^)]+)\)", index)
    assert sorted(links) == links and set(links) == {f"{name}/{name.split('-')[1]}.ipynb" for name in folders}
    assert kit.write(ROOT).read_bytes() == kit.write(ROOT).read_bytes()


def test_its_environment_is_the_students_stack_alone(home):
    imported = set()
    for assignment in ASSIGNMENTS:
        source = "\n".join(cell.source for cell in notebook("release", assignment).cells if cell.cell_type == "code")
        imported |= set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE))
    python = home / ".venv/bin/python"
    code = f"import importlib.util, sys\nprint([m for m in {sorted(imported)} if not importlib.util.find_spec(m)])"
    missing = subprocess.run([python, "-c", code], capture_output=True, text=True, env=clean(), cwd=home).stdout
    assert missing.strip() == "[]"
    names = subprocess.run([python, "-m", "pip", "list"], capture_output=True, text=True, env=clean()).stdout.lower()
    assert "nbgrader" in names
    assert not re.search(r"^(ann-course-grader|pytest|playwright|jupyterhub|latex2mathml)\b", names, re.MULTILINE), (
        names
    )


def test_an_untouched_notebook_is_no_success(home):
    said = validate(home, home / "1-neuron" / "neuron.ipynb")
    assert "VALIDATION FAILED ON 10 CELL(S)" in said and said.count("sin hacer todavía") == 10, said[-3000:]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_solved_notebook_validates_there_whatever_its_names_are_used_for(home, assignment):
    """No cell complains, in a cold kernel and within a minute of the processor, more than an idle machine needs."""
    [folder] = home.glob(f"?-{assignment}")
    nb = build(reference(assignment), notebook("source", assignment), notebook("release", assignment))
    nb.cells = with_strangers(nb, random.Random(DRAWN_SEEDS[0]))
    nbformat.write(nb, folder / "solved.ipynb")
    (folder / "nbgrader_config.py").write_text((home / "nbgrader_config.py").read_text() + ALL)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = validate(home, folder / "solved.ipynb")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Success! Your notebook passes all the tests." in said, (DRAWN_SEEDS, said[-3000:])
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60


ALL = "\nc.Validator.validate_all = True  # an example that stops, or an output of errors, counts as well\n"
