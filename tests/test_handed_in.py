"""What students really hand in, through the real command: the work is graded, and what was odd about it is said."""

import json
import os
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import Course, GradingError
from grader.notebooks import choosing, submitted
from grader.notebooks.submitted import stage

from .course import LIGHT, ROOT, cell, command, grade, hand_in, new_course

DOUBLE = "def doble(x):\n    return x + x"
TEST = (
    "# Objetivo: el doble de cualquier número.\n### BEGIN HIDDEN TESTS\nfrom grader import student\n"
    "assert student.doble(2) == 4, 'doble(2) no es 4'\n### END HIDDEN TESTS"
)
WRONG = "def doble(x):\n    return 3 * x"
HALF = "times = 1\ndef doble(x):\n    return times * x"
STUB = "def doble(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
HELPED = "from ayuda import por_dos\nassert open('datos.csv').read() == '1,2'\ndef doble(x):\n    return por_dos(x)"


def source():
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb = new_notebook(metadata={"kernelspec": kernel})
    nb.cells = [
        new_markdown_cell("# Doble\n\n## Ejercicio 1 · `doble` (4 puntos)"),
        cell(new_code_cell, "import math\nLIMIT = 3", "setup", locked=True),
        cell(new_code_cell, STUB, "doble", solution=True),
        cell(new_code_cell, TEST, "doble-test", grade=True, locked=True, points=4),
    ]
    return nb


def with_answer(release, code=DOUBLE):
    """Return the released notebook with an answer."""
    nb = nbformat.from_dict(release)
    nb.cells[2].source = code
    return nb


def unmarked(nb):
    for one in nb.cells:
        one.metadata.pop("nbgrader", None)
    return nb


def added_to(nb, n, code):
    nb.cells[n].source += code
    return nb


def own_notebook(_):
    return new_notebook(cells=[new_code_cell(DOUBLE)])


def own_and_used_again(_):
    return new_notebook(cells=[new_code_cell(DOUBLE), new_code_cell("doble = doble(4)"), new_code_cell("%reset -f")])


def below_the_stub(*attempts, stub=None, without_test=False):
    """Make notebooks with attempts below the stub, which is as it was or `stub`; without_test: that was deleted."""

    def make(nb):
        nb.cells[2].source = stub or nb.cells[2].source
        nb.cells += [new_code_cell(source) for source in attempts]
        if without_test:
            del nb.cells[3]
        return nb

    return make


def inserted(nb, n, code):
    nb.cells.insert(n, new_code_cell(code))
    return nb


def rewritten(nb):
    nb.cells = [nb.cells[0], new_code_cell(DOUBLE)]
    return nb


NOTEBOOKS = {  # of whole work; what is said about it
    "stripped": (lambda nb: unmarked(with_answer(nb)), "sus marcas de nbgrader"),
    "own": (own_notebook, "sus marcas de nbgrader"),
    "rewritten": (rewritten, "sus marcas de nbgrader"),
    "own-again": (own_and_used_again, "sus marcas de nbgrader"),
    "second-right": (below_the_stub(WRONG, DOUBLE), ""),
    "first-right": (below_the_stub(DOUBLE, WRONG), ""),
    "answered-again": (below_the_stub(DOUBLE, stub=WRONG), ""),
    "spoilt-again": (below_the_stub(WRONG, stub=DOUBLE), ""),
    "asks": (lambda nb: with_answer(nb, "nombre = input('¿Quién eres? ')\n" + DOUBLE), ""),
    "tried-before-test": (lambda nb: inserted(with_answer(nb), 3, "doble = doble(4)"), ""),
    "above-the-stub": (lambda nb: inserted(nb, 2, DOUBLE), ""),
    "mended-at-the-end": (lambda nb: inserted(with_answer(nb, HALF), len(nb.cells), "times = 2"), ""),
    "touched-stub": (below_the_stub(DOUBLE, stub="# Ana\ndef doble(x):\n    pass  # abajo"), ""),
    "no-test": (below_the_stub("doble = doble(4)", "print(doble)", stub=DOUBLE, without_test=True), ""),
    "in-setup": (lambda nb: added_to(with_answer(nb, "def doble(x):\n    return DOS * x"), 1, "\nDOS = 2"), "`setup`"),
    "in-test": (lambda nb: added_to(nb, 3, "\n" + DOUBLE), "`doble-test`"),
}
FILES = {  # {name: what is in it}, and what is said
    "txt": (["doble.ipynb.txt"], "doble.ipynb.txt"),
    "json": (["doble.ipynb.json"], "doble.ipynb.json"),
    "only-json": (["doble.json"], "doble.json"),
    "upper": (["DOBLE.IPYNB"], "DOBLE.IPYNB"),
    "blank": (["doble.ipynb "], "doble.ipynb"),
    "numbered": (["doble.ipynb (1)"], "doble.ipynb (1)"),
    "copy": (["doble.ipynb untouched", "doble-Copy1.ipynb"], "doble-Copy1.ipynb"),
    "draft": (["doble.ipynb", "pruebas.ipynb untouched"], ""),
    "two": (["doble.ipynb", "otro.ipynb wrong"], "otro.ipynb"),
    "none-named": (["a.ipynb untouched", "b.ipynb", "c.ipynb other"], "b.ipynb"),
    "beside-broken": (["doble.ipynb broken", "doble-Copy1.ipynb"], "doble-Copy1.ipynb"),
    "mac": (["doble.ipynb", "__MACOSX/._doble.ipynb broken", "._doble.ipynb broken"], ""),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("handed-in"), [], LIGHT)
    folder = course.folder("source", "doble")
    folder.mkdir()
    nbformat.write(source(), folder / "doble.ipynb")
    command("nbgrader", "generate_assignment", "doble", folder=course.root)
    return course


@pytest.fixture(scope="module")
def release(course):
    return nbformat.read(course.folder("release", "doble") / "doble.ipynb", as_version=4)


@pytest.fixture(scope="module")
def graded(course, release):
    contents = {
        "": nbformat.writes(with_answer(release)),
        "untouched": nbformat.writes(release),
        "wrong": nbformat.writes(with_answer(release, WRONG)),
        "other": nbformat.writes(new_notebook(cells=[new_code_cell("print('otra cosa')")])),
        "broken": "{",
    }
    for student, (make, _) in NOTEBOOKS.items():
        hand_in(course, student, "doble", make(nbformat.from_dict(release)))
    hand_in(course, "broken-import", "doble", with_answer(nbformat.from_dict(release), "import nada\n" + DOUBLE))
    for student, (files, _) in FILES.items():
        for file in files:
            name, _, what = file.rpartition(" ") if file.split()[-1] in contents else (file, "", "")
            path = course.folder("submitted", "doble", student) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(contents[what], "utf-8")
    deep = course.folder("submitted", "doble", "deep") / "entrega" / "doble"
    deep.mkdir(parents=True)
    (deep / "doble.ipynb").write_text(nbformat.writes(with_answer(release, HELPED)), "utf-8")
    (deep / "ayuda.py").write_text("def por_dos(x):\n    return 2 * x\n")
    (deep / "datos.csv").write_text("1,2")
    (deep / "timestamp.txt").write_text("1999-01-01 10:00:00 UTC")
    nul = course.folder("submitted", "doble", "nul") / "doble.ipynb"
    nul.parent.mkdir(parents=True)
    nul.write_bytes(b"\0" * 512 + contents[""].encode("utf-16") + b"\0" * 512)
    hand_in(course, "odd", "doble", json.dumps({**json.loads(contents[""]), "nbformat_minor": 4, "signature": "x"}))
    hand_in(course, "unknown", "doble", new_notebook(cells=[new_code_cell("mi_respuesta = 1")]))
    hand_in(course, "ana[1]", "doble", contents[""])
    return grade(course, feedback="doble", expected=1, COLUMNS="400")


def line(graded, student):
    return next((one for one in graded.printed.split("\n") if f"│ {student} " in one), "")


def text(page):
    return page.replace("<code>", "`").replace("</code>", "`")


@pytest.mark.parametrize("student", [*NOTEBOOKS, *FILES])
def test_work_counts_and_what_was_odd_is_said_to_both(graded, student):
    assert graded.points("doble", student) == {"doble-test": 4}, graded.verdicts("doble", student)
    told = {**NOTEBOOKS, **FILES}[student][1]
    assert told in text(graded.feedback("doble", student))
    assert told in line(graded, student)
    assert told or not line(graded, student)


def test_why_an_answer_is_not_there_is_told(graded):
    assert graded.points("doble", "broken-import") == {"doble-test": 0}
    [(_, said)] = graded.verdicts("doble", "broken-import").values()
    assert said.startswith("No encuentro `doble`")
    assert "La celda que da `doble` se ha detenido en su línea 1" in said
    assert said.endswith("con ModuleNotFoundError: No module named 'nada'.")


def test_an_answer_given_again_further_down_is_told(graded):
    for student in ("answered-again", "spoilt-again"):
        assert "vuelves a dar `doble`" in text(graded.feedback("doble", student))


def test_helpers_lie_beside_a_notebook_that_was_found_deeper(graded):
    assert graded.points("doble", "deep") == {"doble-test": 4}, graded.said("doble", "deep")
    assert not (graded.course.folder("autograded", "doble", "deep") / "timestamp.txt").exists()


@pytest.mark.parametrize("student", ["nul", "odd"])
def test_what_can_be_read_needs_no_remark(graded, student):
    assert graded.points("doble", student) == {"doble-test": 4}
    assert not line(graded, student)


def test_work_that_is_not_recognised_is_no_silent_zero(graded):
    assert graded.points("doble", "unknown") == {"doble-test": 0}
    assert "Tu trabajo está, sus marcas no" in line(graded, "unknown")
    assert "Tu trabajo está, sus marcas no" in graded.feedback("doble", "unknown")


def test_both_notebooks_are_named(graded):
    assert "`doble.ipynb`" in line(graded, "copy") and "está sin hacer" in line(graded, "copy")


def test_a_student_whose_name_is_a_pattern_is_refused_in_a_sentence(graded):
    assert "failed" in line(graded, "ana[1]") and "rename the folder" in line(graded, "ana[1]")


def test_a_course_whose_path_is_a_pattern_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(GradingError, match="rename the folder"):
        Course(tmp_path / "curso [2027]")


def closed(path_end):
    """Return a function in place of read_notebook that may not read this file, whoever runs the tests."""

    def read(path, real=choosing.read_notebook):
        if str(path).endswith(path_end):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    return read


def test_a_file_without_permission_is_said(course, release, tmp_path, monkeypatch):
    path = tmp_path / "in" / "doble.ipynb"
    path.parent.mkdir()
    path.write_text(nbformat.writes(with_answer(release)), "utf-8")
    (path.parent / "datos.csv").write_text("1")
    released = course.folder("release", "doble") / "doble.ipynb"
    monkeypatch.setattr(choosing, "read_notebook", closed("doble.ipynb"))
    readable, remark = stage(path.parent, tmp_path / "out", "doble", released)
    assert not readable and "`doble.ipynb` no se puede abrir" in remark and "permiso" in remark
    monkeypatch.undo()

    def copyfile(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(submitted.shutil, "copyfile", copyfile)
    readable, remark = stage(path.parent, tmp_path / "out", "doble", released)
    assert readable and "`datos.csv`" in remark


def test_a_folder_without_permission_is_said(course, tmp_path, monkeypatch):
    released = course.folder("release", "doble") / "doble.ipynb"

    def scandir(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", scandir)
    readable, remark = stage(tmp_path, tmp_path / "out", "doble", released)
    assert not readable and "no se puede abrir su carpeta" in remark


def test_a_student_whose_folder_is_closed_is_named(tmp_path, monkeypatch):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for student in ("ana", "bea"):
        (tmp_path / "submitted" / student).mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "ana")
    assert [folder.name for folder in Course(tmp_path).closed()] == ["ana"]


def own(code=DOUBLE):
    return nbformat.writes(own_notebook(None))


@pytest.fixture
def staged(tmp_path):
    """Return a function that stages {path: text} and returns (target, readable, remark)."""
    nbformat.write(new_notebook(cells=[new_code_cell("x")]), tmp_path / "released.ipynb")

    def stage_files(files, parent="in"):
        for name, content in files.items():
            path = tmp_path / parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        target = tmp_path / "out"
        readable, remark = stage(tmp_path / parent, target, "doble", tmp_path / "released.ipynb")
        last = nbformat.read(target / "doble.ipynb", as_version=4).cells[-1]
        assert readable == (last.source == DOUBLE)
        return target, readable, remark

    return stage_files


@pytest.mark.parametrize(
    ("files", "lost"),
    [
        ({"doble.ipynb/datos.csv": "1", "trabajo.ipynb": own()}, "doble.ipynb/datos.csv"),
        ({"otro.ipynb/datos.csv": "1", "doble.ipynb": own()}, "otro.ipynb/datos.csv"),
        ({"timestamp.txt/datos.csv": "1", "doble.ipynb": own()}, "timestamp.txt/datos.csv"),
        ({"sub/doble.ipynb": own(), "sub/data": "1", "data/x.csv": "2"}, "data/x.csv"),
        ({"sub/doble.ipynb": own(), "sub/data/x.csv": "1", "data": "2"}, "data"),
        ({"sub/doble.ipynb": own(), "sub/data.csv": "1", "data.csv": "2"}, "data.csv"),
        ({"doble.ipynb": own(), "con\nsalto.csv": "1"}, "con\N{REPLACEMENT CHARACTER}salto.csv"),
        ({"doble.ipynb": own(), "acci\udcf3n.csv": "1"}, "acci\N{REPLACEMENT CHARACTER}n.csv"),
    ],
)
def test_what_has_no_place_beside_the_notebook_is_left_out_and_said(staged, files, lost):
    target, readable, remark = staged(files)
    assert readable and f"No se han tenido en cuenta `{lost}`:" in remark
    assert [path.name for path in target.glob("*.ipynb")] == ["doble.ipynb"]
    if "sub/data" in files:
        assert (target / "data").read_text() == "1"


def test_names_that_cannot_be_shown_count(staged):
    target, readable, remark = staged(
        {"mi\u00a0doble.ipynb": own(), "datos\u00a01.csv": "1"}, "Curso\u00a0IA/ana\u00a0b"
    )
    assert readable and "`mi\N{REPLACEMENT CHARACTER}doble.ipynb`" in remark and "No se han" not in remark
    assert (target / "datos\u00a01.csv").read_text() == "1"


def test_a_folder_that_can_be_listed_but_not_entered_is_said(staged, monkeypatch):
    real = os.lstat

    def lstat(path, **options):
        if "/figs/" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setattr(os, "lstat", lstat)
    monkeypatch.setattr("pathlib.Path.lstat", lambda path: lstat(path))
    monkeypatch.setattr("pathlib.Path.is_symlink", lambda path: bool(lstat(path)) and False)
    _, readable, remark = staged({"doble.ipynb": own(), "figs/x.png": "1", "figs/deeper/y.png": "1"})
    assert readable and "`figs/x.png`" in remark
