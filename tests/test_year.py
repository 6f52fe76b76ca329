"""A year of an instructor, played by the real commands: at every step all places that show points show the same."""

import csv
import re

import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course import Course
from grader.pages.report import write_report

from .course import LIGHT, ROOT, cell, command, hand_in

CONFIG = """
c.LatePolicy.percent_per_day = 10
c.LatePolicy.most_percent = 50
c.LatePolicy.grace_minutes = 15
c.Exchange.root = {root!r}
c.ExchangeFactory.collect = "grader.exchange.OwnersCollect"
"""
TEST = """# Objetivo: el doble.
### BEGIN HIDDEN TESTS
from grader import student
assert student.double(2) == {expected}, "double(2) no es el doble"
### END HIDDEN TESTS"""
WHY = "### BEGIN SOLUTION\nPorque sí.\n### END SOLUTION"
RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return x"
ROSTER = """Nombre;Apellido(s);Número de ID;Dirección de correo;Grupo
Ana;Ruiz;ana;ana@uni.es;A
Beatriz;Muñoz;bea;bea@uni.es;A
Carla;=1+1;carla;;B
"""


def source(expected=4, extra=()):
    """An assignment with an exercise that is tested and one that is graded by hand."""
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nb.cells = [
        new_markdown_cell("# Doble\n\n## Ejercicio 1 · `double` (8 puntos)"),
        cell(new_code_cell, f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "double", solution=True),
        cell(new_code_cell, TEST.format(expected=expected), "double-test", grade=True, locked=True, points=8),
        new_markdown_cell("## Ejercicio 2 · Explícalo (2 puntos)"),
        cell(new_markdown_cell, WHY, "why", grade=True, solution=True, points=2),
        *extra,
    ]
    return nb


class Year:
    """A course in a folder, and what its commands say."""

    def __init__(self, root):
        self.root, self.exchange = root, root.with_name("exchange")
        for folder in (root, self.exchange, self.exchange / "redes-neuronales"):
            folder.mkdir(mode=0o777)
        config = (ROOT / "nbgrader_config.py").read_text("utf-8") + LIGHT
        (root / "nbgrader_config.py").write_text(config + CONFIG.format(root=str(self.exchange)), "utf-8")
        self.course = Course(root)

    def run(self, *words, expected=0):
        done = command(*words, folder=self.root, expected=expected, COLUMNS="300")
        assert "Traceback" not in done.stdout + done.stderr
        return " ".join(done.stdout.split())

    def write(self, nb):
        folder = self.course.folder("source", "doble")
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, folder / "doble.ipynb")

    def attempt(self, student, answer, time, why="Porque es la suma."):
        nb = nbformat.read(self.course.folder("release", "doble") / "doble.ipynb", as_version=4)
        nb.cells[1].source, nb.cells[4].source = answer, why
        path = hand_in(self.course, student, "doble", nb)
        (path.parent / "timestamp.txt").write_text(time, "utf-8")

    def by_hand(self, student, points):
        with self.course.gradebook() as gradebook:
            grade = gradebook.find_grade("why", "doble", "doble", student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()

    def agree(self, expected):
        """Assert that page, report, CSV and Moodle's file show these points of ten: {student: points}."""
        self.run("nbgrader", "generate_feedback", "doble")
        for student, points in expected.items():
            page = BeautifulSoup(
                (self.course.folder("feedback", "doble", student) / "doble.html").read_text("utf-8"), "html.parser"
            )
            assert float(page.select_one(".score strong").text) == pytest.approx(points, abs=0.005), student
        self.run("nbgrader", "export", "--to", "g.csv")
        with (self.root / "g.csv").open(encoding="utf-8-sig") as file:
            rows = {r["student_id"]: r for r in csv.DictReader(file) if r["assignment"] == "doble"}
        assert {s: float(rows[s]["score"]) for s in expected} == pytest.approx(expected)
        write_report(self.course, self.root / "r.html")
        table = BeautifulSoup((self.root / "r.html").read_text("utf-8"), "html.parser").select_one("table.one-line")
        shown = {row.th.small.string: float(row.td["data-value"]) for row in table.tbody("tr") if row.td["data-value"]}
        assert {s: shown[s] for s in expected} == pytest.approx(expected)
        self.run("grader", "grades", "doble", expected=None)
        with (self.root / "moodle" / "doble.csv").open(encoding="utf-8-sig") as file:
            sent = {row["ID number"]: float(row["Grade"]) for row in csv.DictReader(file)}
        assert {s: sent[s] for s in expected} == pytest.approx(expected, abs=0.005)

    def row(self, student, title):
        """Return the text of an exercise's row on a student's page, and all of the page's."""
        path = self.course.folder("feedback", "doble", student) / "doble.html"
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        [row] = [" ".join(row.text.split()) for row in page.select("table.results tbody tr") if title in row.text]
        return row, " ".join(page.text.split())


@pytest.fixture
def year(tmp_path_factory):
    return Year(tmp_path_factory.mktemp("year") / "course")


def test_a_year(year):
    # September: a class, a release, a due date
    (year.root / "clase.csv").write_text(ROSTER, "utf-8")
    said = year.run("grader", "roster", "clase.csv")
    assert "Students: 3 new" in said
    assert "Columns that are of no use here: Grupo" in said
    year.run("grader", "roster", "--to", "out.csv")
    assert "carla,Carla,'=1+1," in (year.root / "out.csv").read_text("utf-8-sig")
    year.write(source(expected=5))  # wrongly
    assert "doble: released in" in year.run("grader", "release")
    year.run("nbgrader", "db", "assignment", "add", "doble", "--duedate", "2027-03-01 23:59 Europe/Madrid")
    year.run("nbgrader", "release_assignment", "doble")
    assert (year.exchange / "redes-neuronales/outbound/doble/doble.ipynb").is_file()

    # handed in: in time, a day late with an extension, two days late
    year.attempt("ana", RIGHT, "2027-03-01 20:00 Europe/Madrid")
    year.attempt("bea", RIGHT, "2027-03-02 20:00 Europe/Madrid")
    year.attempt("carla", RIGHT, "2027-03-03 20:00 Europe/Madrid")
    assert "bea has until" in year.run("grader", "extend", "bea", "doble", "2027-03-05 23:59 Europe/Madrid")
    said = year.run("grader", "autograde")
    assert "3 graded; 1 late" in said
    assert "Waiting for points by hand: why of doble, 3 students (ana, bea, carla)" in said
    write_report(year.course, year.root / "r.html")
    report = (year.root / "r.html").read_text("utf-8")
    assert "Explícalo" in report and "END SOLUTION" not in report

    # the test is wrong: mended, released, and who was graded with it is graded again
    year.write(source())
    said = year.run("grader", "release", "doble")
    assert "Changed: the cell double-test" in said
    assert "3 students were graded with the tests and points of before" in said
    [advice] = re.findall("`(grader autograde [^`]+)`", said)
    assert "3 of 3 were graded with an older release" in year.run("grader", "autograde")
    assert "3 graded" in year.run(*advice.split())

    # by hand, and every sum; the penalty follows the points
    for student, points in (("ana", 2), ("bea", 1.5), ("carla", 1)):
        year.by_hand(student, points)
    year.agree({"ana": 10, "bea": 9.5, "carla": 9 * 0.8})
    year.run("grader", "extend", "bea", "doble", "--cancel")
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 9 * 0.8})

    # more points for an exercise: what was earned of eight stays of eight until it is graded again
    more = source()
    more.cells[2].metadata.nbgrader.points = 18
    year.write(more)
    year.run("grader", "release")
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 9 * 0.8})
    year.write(source())
    year.run("grader", "release")

    # a new exercise in the middle of the year
    third = cell(new_code_cell, TEST.format(expected=4), "again-test", grade=True, locked=True, points=10)
    year.write(source(extra=[third]))
    refused = year.run("grader", "release", expected=1)
    assert "3 students have grades in it, and in its source the cell again-test is new" in refused
    migrate, outdated = re.findall("`(grader [^`]+)`", refused)
    assert "is kept in" in year.run(*migrate.split())
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 9 * 0.8})  # of ten still
    said = year.run(*outdated.split())
    assert "3 graded" in said
    assert "3 of 3 began with an older release" in said
    with year.course.gradebook() as gradebook:
        assert gradebook.find_submission("doble", "ana").score == 20  # the hand-given points too
    year.write(source())
    year.run("grader", "release", "--migrate")
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 9 * 0.8})  # without what is gone
    assert "3 graded" in year.run("grader", "autograde", "--outdated")
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 9 * 0.8})

    # a hidden test that breaks is nobody's zero
    broken = source()
    broken.cells[2].source = broken.cells[2].source.replace("student.double(2)", "numpyy.abs(2)")
    year.write(broken)
    year.run("grader", "release")
    said = year.run("grader", "autograde", "--outdated", expected=1)
    assert "The hidden test double-test of doble broke for 3 students (ana, bea, carla)" in said
    year.run("nbgrader", "export", "--to", "g.csv")
    with (year.root / "g.csv").open(encoding="utf-8-sig") as file:
        assert {row["score"] for row in csv.DictReader(file)} == {""}
    assert "a hidden test broke, which is no fault of theirs" in year.run("grader", "grades", "doble", expected=1)
    assert "broken test, no grade: double-test." in said
    year.run("nbgrader", "export", "--to", "g.xlsx")
    ana = pd.read_excel(year.root / "g.xlsx").set_index("student_id").loc["ana"]
    assert np.isnan(ana["doble"]) and ana["prueba rota"] == 1 and ana["Total"] == 1  # 2 of the 2 that can be counted
    write_report(year.course, year.root / "r.html")
    table = BeautifulSoup((year.root / "r.html").read_text("utf-8"), "html.parser").select_one("table.one-line")
    [row] = [row.text for row in table.tbody("tr") if row.th.small.string == "ana"]
    assert "100 %" in row and "prueba rota" in row
    year.run("nbgrader", "generate_feedback", "doble")
    row, said = year.row("ana", "double")
    assert "– de 8" in row and "se ha roto" in said and "por corregir" in row
    year.write(source())
    year.run("grader", "release")
    year.run("grader", "autograde", "--outdated")

    # a second attempt, another answer to what was graded by hand
    year.attempt("carla", RIGHT, "2027-03-03 21:00 Europe/Madrid", why="Porque 2 · 2 = 4.")
    said = year.run("grader", "autograde")
    assert "why keeps the 1 points given by hand to an earlier attempt" in said
    assert "Waiting for points by hand: why of doble, 1 student (carla)" in said
    year.by_hand("carla", 2)
    year.agree({"ana": 10, "bea": 9.5 * 0.9, "carla": 10 * 0.8})

    # somebody leaves, somebody is misspelt, an assignment is misspelt
    assert "ana is dropped" in year.run("grader", "drop", "ana")
    assert "ana" not in year.run("grader", "autograde")
    assert "double-test,8.0" in (year.root / "dropped/ana/grades.csv").read_text("utf-8-sig")
    year.attempt("beatriz", WRONG, "2027-03-01 20:00 Europe/Madrid")
    year.run("nbgrader", "db", "assignment", "add", "nueron")
    said = year.run("grader", "autograde")
    assert "In no roster, and entered as they are called in submitted/: beatriz" in said
    assert "nueron is in the gradebook, with 0 submissions" in said
    year.run(*re.search("`(nbgrader db assignment remove[^`]+)`", said)[1].split())

    # the gradebook is lost: nothing looks like a zero
    gradebook = year.root / "gradebook.db"
    gradebook.rename(year.root / "safe.db")
    assert "it has been lost or emptied" in year.run("grader", "report", expected=1)
    said = year.run("grader", "autograde", expected=1)
    assert "it has been lost or emptied" in said and "grader release doble" in said
    (year.root / "safe.db").replace(gradebook)

    # the course on another machine
    moved = year.root.with_name("another place")
    year.root.rename(moved)
    year.root, year.course = moved, Course(moved)
    assert "3 skipped" in year.run("grader", "autograde")

    # July: everything is put away, and September begins
    said = year.run("grader", "archive", "2026-27")
    folder = year.root / "archive" / "2026-27"
    assert {"submitted", "autograded", "feedback", "gradebook.db", "dropped", "exchange"} <= {
        p.name for p in folder.iterdir()
    }
    assert "doble: released in" in said
    assert "No submissions in" in year.run("grader", "autograde", expected=1)
    year.attempt("nuria", RIGHT, "2027-10-01 20:00 Europe/Madrid")
    assert "1 graded" in year.run("grader", "autograde")


def test_an_exercise_that_came_later_is_no_omission(year):
    year.write(source())
    year.run("grader", "release")
    year.attempt("ana", RIGHT, "2027-03-01 20:00 Europe/Madrid")
    year.run("grader", "autograde")
    year.by_hand("ana", 2)
    new = [
        new_markdown_cell("## Ejercicio 3 · `triple` (5 puntos)"),
        cell(new_code_cell, "### BEGIN SOLUTION\ntriple = 3\n### END SOLUTION", "triple", solution=True),
        cell(
            new_code_cell,
            TEST.replace("double(2)", "triple").format(expected=3),
            "t-test",
            grade=True,
            locked=True,
            points=5,
        ),
    ]
    year.write(source(extra=new))
    year.run("grader", "release", "--migrate")
    said = year.run("grader", "autograde", "--outdated")
    assert "Empezaste con otra versión del cuaderno" in said and "sus marcas no" not in said
    year.run("nbgrader", "generate_feedback", "doble")
    row, page = year.row("ana", "triple")
    assert "Ejercicio 3" in row and "0 de 5" in row and "se ha añadido después, no es cosa tuya" in page
    assert "2 de 2" in year.row("ana", "Explícalo")[0]
