"""`grader report`, and the workbook of grades: the figures are right, and nothing that comes from students runs."""

import base64
import csv
import datetime
import hashlib
import json
import re
import shutil
from types import SimpleNamespace

import jinja2
import nbformat
import numpy as np
import openpyxl
import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

from grader.course import Course, GradingError
from grader.notebooks.submitted import LOST
from grader.pages.items import FEWEST, discrimination, failures, is_undone, items
from grader.pages.report import LAST, TEMPLATES, concerns, summary, write_report
from grader.pages.report import rows as rows_of
from grader.pages.results import Place, places
from grader.pages.standing import Record, read_standing, without_pictures
from grader.pages.totals import Settings, report_settings, total

from .accessibility import violations
from .course import ROOT, command

CELLS = {"easy": 2.0, "hard": 3.0}
DUE = datetime.datetime(2026, 3, 1, 12)
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>"


class Classroom:
    """A course without notebooks of its own, in whose gradebook and folders a test enters what it needs."""

    def __init__(self, root, gradebook=None, config=""):
        (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8") + config, "utf-8")
        if gradebook:
            shutil.copy(gradebook, root)
        self.course = Course(root)

    def assign(self, name, cells=CELLS, due=DUE):
        self.course.folder("source", name).mkdir(parents=True, exist_ok=True)
        with self.course.gradebook() as gradebook:
            gradebook.add_assignment(name, duedate=due)
            gradebook.add_notebook(name, name)
            for cell, points in cells.items():
                gradebook.add_grade_cell(cell, name, name, max_score=points, cell_type="code")

    def configure(self, line):
        with (self.course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
        self.course = Course(self.course.root)

    def enrol(self, student, **names):
        with self.course.gradebook() as gradebook:
            gradebook.update_or_create_student(student, **names)

    def hand_in(self, student, assignment):
        folder = self.course.folder("submitted", assignment, student)
        folder.mkdir(parents=True)

    def grade(self, student, assignment, points, *, hours_late=-1, errors=None, top="# Vinos", worth=None, **facts):
        """Enter a graded submission, again if need be.

        points: {cell: points, None if by hand}; errors: {cell: (kind, text)}; worth: {cell: points it was worth then}.
        """
        self.enrol(student)
        with self.course.gradebook() as gradebook:
            when = DUE + datetime.timedelta(hours=hours_late)
            gradebook.update_or_create_submission(assignment, student, timestamp=when)
            for cell, earned in points.items():
                grade = gradebook.find_grade(cell, assignment, assignment, student)
                grade.auto_score, grade.needs_manual_grade = earned, earned is None
            gradebook.db.commit()
        cells = [{"cell_type": "markdown", "metadata": {}, "source": [top]}]
        for cell in points:
            outputs = []
            if cell in (errors or {}):
                kind, text = errors[cell]
                outputs = [{"output_type": "error", "ename": kind, "evalue": text, "traceback": []}]
            marks = {"grade": True, "solution": False, "grade_id": cell}
            marks |= {"points": worth[cell]} if worth else {}
            cells.append({"cell_type": "code", "metadata": {"nbgrader": marks}, "source": [], "outputs": outputs})
        facts = {"seconds": 12.5, "memory_mb": 345, "stopped": "", "noted": not top.startswith("#")} | facts
        self.write(student, assignment, json.dumps({"metadata": {"grader": facts}, "cells": cells}))

    def write(self, student, assignment, text):
        folder = self.course.folder("autograded", assignment, student)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_text(text, "utf-8")

    def feedback(self, student, assignment):
        folder = self.course.folder("feedback", assignment, student)
        folder.mkdir(parents=True)
        (folder / f"{assignment}.html").write_text("feedback")

    def records(self):
        return {(record.assignment, record.student): record for record in read_standing(self.course).records}

    def page(self, name="report.html"):
        write_report(self.course, self.course.root / name)
        return BeautifulSoup((self.course.root / name).read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    """An empty gradebook.db, to be copied: nbgrader takes a second to make one."""
    root = tmp_path_factory.mktemp("empty")
    Classroom(root).course.gradebook().close()
    return root / "gradebook.db"


@pytest.fixture
def classroom(tmp_path, empty_gradebook):
    return Classroom(tmp_path, empty_gradebook)


def rows(page, section):
    """Return the rows of the table in a section as lists of texts."""
    table = page.find(id=section).find_parent("section").table
    return [[" ".join(cell.get_text().split()) for cell in row.find_all(["td", "th"])] for row in table.tbody("tr")]


def said(page, section):
    """Return the text of a section, all space as one."""
    return " ".join(page.find(id=section).find_parent("section").get_text().split())


# Real graded data


@pytest.fixture(scope="module")
def real(graded, tmp_path_factory):
    """The page on the class of known-outcome submissions, as the command writes it."""
    path = tmp_path_factory.mktemp("report") / "class.html"
    done = command("grader", "report", "--output", path, folder=graded.course.root)
    return SimpleNamespace(page=BeautifulSoup(path.read_text("utf-8"), "html.parser"), printed=done.stdout, path=path)


def test_real_counts_are_those_of_the_gradebook(graded, real):
    titles = {name: places(graded.course.source(name).cells) for name in graded.course.assignments()}
    table = real.page.find(id="exercises").find_parent("section").table
    undone = 0
    for row in table.tbody("tr"):
        cells = [" ".join(cell.get_text().split()) for cell in row.find_all(["td", "th"])]
        assignment, cell = cells[0], row.th["title"]
        students = [student for name, student in graded.students if name == assignment]
        points = [graded.points(assignment, student)[cell] for student in students]
        assert cells[1].startswith(titles[assignment].pop(cell).title.replace("`", ""))
        assert int(cells[4]) == sum(p >= float(cells[2]) for p in points)
        counts = [int(text) for text in cells[4:-1]]  # before the last, which is not a count
        assert sum(counts) == len(students)
        undone += counts[-1]
        assert re.match(r"bien|bastante|apenas|al revés|todas iguales", cells[-1])
    assert not any(titles.values()) and undone > len(titles)


def test_real_messages_time_and_memory_are_shown(graded, real):
    assert "sin hacer todavía" not in said(real.page, "messages")
    assert re.search(r"tardó [\d.]+ (s|min) \(.*memoria usó, \d+ MB", said(real.page, "grades"))
    table = real.page.find(id="grades").find_parent("section").table
    assert len(table.tbody("tr")) == len({student for _, student in graded.students})
    assert len(table.tbody.select("td:not(.total)[data-value]:not([data-value=''])")) == len(graded.students)
    assert str(real.path.name) in real.printed


# Figures


def test_discrimination_is_the_correlation_with_the_other_cells():
    table = np.array([[0, 0, 3, 1], [1, 2, 2, 1], [2, 4, 1, 1], [3, 6, 0, 1]], dtype=float)
    found = discrimination(table)
    assert found[0] == pytest.approx(np.corrcoef(table[:, 0], table[:, 1:].sum(axis=1))[0, 1])
    assert found[0] > 0.99 and found[2] < -0.99 and np.isnan(found[3])


def test_discrimination_leaves_out_what_waits_for_a_grade():
    found = discrimination(np.array([[0.0, 0.0, 5.0], [1.0, 1.0, np.nan], [2.0, 2.0, 0.0]]))
    assert found[0] == pytest.approx(1) and np.isnan(found[2])


def record(student="ada", untouched=(), messages=None, **cells):
    return SimpleNamespace(
        assignment="wine",
        student=student,
        cells=cells,
        max_points=CELLS,
        messages=messages or {},
        untouched=frozenset(untouched),
    )


def test_a_cell_alone_or_alike_for_all_has_no_discrimination():
    alone = items("wine", {"a": 1.0}, [record(a=float(n % 2)) for n in range(FEWEST)], {})[0]
    assert alone.discrimination is None and alone.separates == "no other cell to compare with"
    alike = items("wine", CELLS, [record(easy=2.0, hard=float(n % 4)) for n in range(FEWEST)], {})
    assert [item.separates for item in alike] == ["all alike", "no other cell to compare with"]
    few = items("wine", CELLS, [record(easy=float(n % 3), hard=float(n % 4)) for n in range(FEWEST - 1)], {})
    assert {item.separates for item in few} == {"too few"}


def test_shares_of_full_partial_failed_undone_and_by_hand():
    found = [record(easy=points) for points in (2.0, 1.0, 0.0, None)]
    found.append(record(easy=0.0, messages={"easy": "`f` está sin hacer todavía. Escribe aquí tu solución."}))
    item = items("wine", {"easy": 2.0}, found, {})[0]
    assert (item.full, item.partial, item.none, item.undone, item.pending, item.count) == (1, 1, 1, 1, 1, 4)
    assert items("wine", {"easy": 2.0}, [], {})[0].count == 0


@pytest.mark.parametrize(
    ("message", "untouched", "points", "undone"),
    [
        ("`f` está sin hacer todavía. Escribe aquí tu solución.", [], 0.0, True),
        ("Con una tabla: `f` está sin hacer todavía.", [], 0.0, True),
        ("NotImplementedError: Escribe aquí tu solución.", [], 0.0, True),
        ("No encuentro `f` en tu cuaderno.", ["answer"], 0.0, True),
        ("No encuentro `f` en tu cuaderno.", [], 0.0, False),
        ("`f` falla.", ["another"], 0.0, False),
        ("", ["hard"], 0.0, True),  # a text that is as it was released
        ("", ["answer"], 1.0, False),
        ("", ["hard"], None, False),
    ],
)
def test_undone_is_what_nobody_has_tried(message, untouched, points, undone):
    where = {"hard": Place("Ejercicio 1", "", {"answer"})}
    assert is_undone(record(untouched=untouched, messages={"hard": message}, hard=points), "hard", where) is undone


def messages(*texts):
    return [record(f"s{n}", messages={"hard": text}, hard=0.0) for n, text in enumerate(texts)]


def text(failure):
    return "".join(piece for piece, _ in failure.text)


def test_messages_that_differ_only_in_numbers_are_one():
    found = failures(
        messages("MSE 45.1, no 30.", "MSE 977.30, no 30.", "MSE -2e-05, no 30.", "Tu F1 es 0.3", "Tu F2 es 0.3"), {}
    )
    assert [len(failure.students) for failure in found] == [3, 1, 1]
    assert text(found[0]) == "MSE -2e-05 … 977.30, no 30."
    assert {text(failure) for failure in found[1:]} == {"Tu F1 es 0.3", "Tu F2 es 0.3"}


def test_a_student_counts_once_for_a_message_of_many_cells():
    [failure] = failures([record("a", messages={"easy": "Se paró.", "hard": "Se paró."}, easy=0.0, hard=0.0)], {})
    assert failure.students == ["a"] and len(failure.met) == 2 and len(failure.cells) == 2


def test_what_is_undone_is_no_message():
    assert not failures(messages("`f` está sin hacer todavía."), {})


def test_endless_messages_are_cut():
    [failure] = failures(messages("x" * 100_000), {})
    assert len(text(failure)) < 500 and text(failure).endswith("…")


def share(assignment, points, most=10.0, state="graded"):
    return Record(assignment, "ana", state, {"a": most}, {"a": points})


def test_bins_hold_every_submission_those_with_extra_credit_too():
    grades = [0.0, 0.9, 5.0, 9.9, 10.0, 12.0]
    found = summary("wine", {"a": 10.0}, [share("wine", points) for points in grades])
    assert found.bins == [2, 0, 0, 0, 0, 1, 0, 0, 0, 3] and found.half == 4 and found.median == pytest.approx(7.45)


def test_totals_average_shares_by_weight():
    work = [share("neuron", 10.0), share("wine", 2.0, 4.0), share("epochs", 0.0, state="missing")]
    assert total(work, Settings()) == pytest.approx(0.5)
    assert total(work, Settings({"neuron": 3, "epochs": 0})) == pytest.approx((3 + 0.5) / 4)
    assert total([*work[:2], share("epochs", 0.0, state="not graded")], Settings()) == pytest.approx(0.75)
    assert total([share("wine", 0.0, 0.0)], Settings()) is None
    assert (
        total(work, Settings(dict.fromkeys(("neuron", "wine", "epochs"), 0))) is None and total([], Settings()) is None
    )


# The class


ENDINGS = ('AA" alt="x">', 'AA\\" alt', "AA\\\\", "", "AA;base64,BB' x", "\n\u2028 no picture")


@pytest.mark.parametrize("ending", ENDINGS)
def test_pictures_are_left_out_of_what_is_read_and_nothing_else(ending):
    notebook = {"a": [f"1 <img src='data:image/png;base64,{ending}", '2 "\\ ñ'], "b": {"c;base64,d": "3"}, "e": "4"}
    for escaped in (False, True):
        read = json.loads(without_pictures(json.dumps(notebook, ensure_ascii=escaped).encode()))
        assert read["a"][0].startswith("1 <img src='data:image/png") and "AA" not in read["a"][0]
        assert read["a"][1:] == notebook["a"][1:] and read["e"] == "4" and list(read["b"].values()) == ["3"]
    assert without_pictures(b'{"a": "b"}') == b'{"a": "b"}'


def test_states_of_a_class(classroom):
    classroom.configure("c.LatePolicy.percent_per_day = 20")
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade(
        "stop", "wine", {"easy": 2.0, "hard": 0.0}, stopped="memory", errors={"hard": ("Detenido", "Más de 4 GB.")}
    )
    classroom.grade("lost", "wine", {"easy": 0.0, "hard": 0.0}, top=LOST.format("no contiene ningún cuaderno."))
    classroom.grade("late", "wine", {"easy": 2.0, "hard": 3.0}, hours_late=5)
    classroom.grade("broken", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.write("broken", "wine", "{")
    classroom.hand_in("failed", "wine")
    classroom.enrol("absent", first_name="Ana", last_name="Gil")
    records = classroom.records()
    states = {student: record.state for (_, student), record in records.items()}
    assert states == {
        **{"ada": "graded", "late": "graded", "broken": "graded"},
        **{"stop": "stopped", "lost": "unreadable", "failed": "not graded", "absent": "missing"},
    }
    assert records["wine", "stop"].remark == "Más de 4 GB."
    assert records["wine", "lost"].remark == "no contiene ningún cuaderno."
    assert records["wine", "late"].points == 4 and records["wine", "late"].seconds_late == 5 * 3600
    assert "--force" in records["wine", "broken"].remark
    page = classroom.page()
    todo = said(page, "todo")
    assert "1 entrega está sin corregir: la corrección ha fallado" in todo and "failed wine" in todo
    assert "1 nota por revisar: el cuaderno corregido no se puede leer" in todo and "broken wine" in todo
    assert "1 entrega no se pudo leer. no contiene ningún cuaderno. lost wine" in todo
    assert "1 entrega se detuvo" in todo and "Más de 4 GB. stop wine" in todo
    assert "1 entrega llegó tarde" in todo and "late wine 5.0 h, −1" in todo
    assert "Falta 1 entrega" in todo and "Gil, Ana wine" in todo
    shown = {row[0]: row[1:] for row in rows(page, "grades")}
    assert shown == {
        **{"ada": ["5", "100 %"], "broken": ["5", "100 %"], "late": ["tarde 4", "80 %"], "stop": ["parada 2", "40 %"]},
        **{"lost": ["ilegible 0", "0 %"], "failed": ["sin corregir", ""], "Gil, Ana absent": ["falta", "0 %"]},
    }
    assert "1 no ha entregado nunca nada: Gil, Ana" in said(page, "look-after")


def test_a_newer_submission_than_the_graded_one_is_told(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.hand_in("ada", "wine")
    for step, day in (("autograded", 1), ("submitted", 2)):
        stamp = classroom.course.folder(step, "wine", "ada") / "timestamp.txt"
        stamp.write_text(f"2026-02-0{day} 10:00:00 UTC")
    assert "newer" in classroom.records()["wine", "ada"].remark


def test_older_releases_are_told(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0}, started="1", release="2", tests="other")
    todo = said(classroom.page(), "todo")
    assert "corregida con una versión anterior de la tarea: ejecuta grader autograde --outdated. ada wine" in todo
    assert "1 entrega se empezó con una versión anterior; las respuestas cuentan igual. ada wine" in todo


def test_nothing_is_missing_before_it_is_due_or_anybody_has_handed_in(classroom):
    classroom.assign("wine", due=datetime.datetime(2999, 1, 1))
    classroom.assign("epochs", due=None)
    classroom.assign("neuron", due=None)
    classroom.enrol("eva")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade("ada", "epochs", {"easy": 2.0, "hard": 3.0})
    missing = [key for key, record in classroom.records().items() if record.state == "missing"]
    assert missing == [("epochs", "eva")]


def test_whom_to_look_after_is_few_and_ranked(classroom):
    names = ["a1", "a2", "a3"]
    for assignment in names:
        classroom.assign(assignment)
        for n in range(11):  # eight of them below half
            if n < 10 or assignment == "a1":
                classroom.grade(f"s{n:02}", assignment, {"easy": 2.0 if n > 1 else 0.0, "hard": 3.0 if n > 7 else 0.0})
    classroom.enrol("never")
    standing = read_standing(classroom.course)
    lowest, stopped = concerns(rows_of(standing, Settings()), names)
    assert [row.student for row in lowest] == ["s00", "s01"]  # a tenth, and who has no more than they
    assert [(row.student, last) for row, last in stopped] == [("s10", ["a2", "a3"])] and LAST == 2
    shown = said(classroom.page(), "look-after")
    assert "s10 33 % nada de a2, a3" in shown and "s00 0 %" in shown and "s02" not in shown and "nada: never" in shown


def test_nobody_has_to_be_looked_after_who_does_well_or_whose_class_is_not_there_yet(classroom):
    for assignment in ("a1", "a2", "a3"):
        classroom.assign(assignment)
        for student in ("ada", "eva", "ina") if assignment == "a1" else ("ada",):
            classroom.grade(student, assignment, {"easy": 2.0, "hard": 1.0})
    table = rows_of(read_standing(classroom.course), Settings({"a2": 0, "a3": 0}))
    assert concerns(table, ["a1", "a2", "a3"]) == ([], [])


def test_what_the_instructor_has_to_decide_comes_first(classroom):
    classroom.assign("wine")
    for n in range(8):
        classroom.grade(f"s{n}", "wine", {"easy": 0.0, "hard": None}, errors={"easy": ("CorrecciónRota", "KeyError")})
    page = classroom.page()
    todo = said(page, "todo")
    assert "rompió con 8 estudiantes, easy wine" in todo and "8 entregas esperan tu nota, hard wine" in todo
    assert "8 nombres s0 · s1" in todo and rows(page, "grades")[0] == ["s0", "a mano prueba rota 0", "0 %"]
    assert page.find(id="todo").find_all_previous("section") == [page.find(id="todo").find_parent("section")]
    with classroom.course.gradebook() as gradebook:
        ids = [gradebook.find_submission_notebook("wine", "wine", f"s{n}").id for n in range(8)]
    links = [a["href"] for a in page.select("a.formgrader")]
    assert links == [f"http://localhost:8888/formgrader/submissions/{i}/" for i in ids]


def test_what_does_not_fit_together_comes_before_all(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    assert "gradebook" not in said(classroom.page(), "todo")
    with classroom.course.gradebook() as gradebook:
        gradebook.add_assignment("wime")
    assert "wime is in the gradebook, with 0 submissions" in said(classroom.page(), "todo")


def test_points_of_an_earlier_attempt_count_until_they_are_looked_at(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": None})
    with classroom.course.gradebook() as gradebook:
        gradebook.find_grade("hard", "wine", "wine", "ada").manual_score = 1.5
        gradebook.db.commit()
        assert gradebook.find_submission("wine", "ada").score == 3.5
    assert rows(classroom.page(), "grades") == [["ada", "a mano 3.5", "70 %"]]


def test_late_is_who_exceeds_the_grace(classroom):
    classroom.configure("c.LatePolicy.grace_minutes = 15")
    classroom.assign("wine")
    for student, minutes in (("a", 14), ("b", 16), ("c", 90)):
        classroom.grade(student, "wine", {"easy": 2.0, "hard": 3.0}, hours_late=minutes / 60)
    todo = said(classroom.page(), "todo")
    assert "2 entregas llegaron tarde, pasados los 15 minutos de cortesía. b wine 16.0 min · c wine 1.5 h" in todo
    classroom.configure("c.LatePolicy.grace_minutes = 0")
    assert "3 entregas llegaron tarde. a" in said(classroom.page(), "todo")


def test_points_of_before_a_change_stay_shares_of_what_they_were(classroom):
    classroom.assign("wine", {"easy": 4.0})
    classroom.grade("old", "wine", {"easy": 2.0}, worth={"easy": 2.0})
    classroom.grade("new", "wine", {"easy": 2.0}, worth={"easy": 4.0})
    page = classroom.page()
    assert rows(page, "grades") == [["new", "2", "50 %"], ["old", "2 / 2", "100 %"]]
    assert rows(page, "exercises") == [["easy", "4", "", "1", "1", "0", "0"]]
    assert "mediana 3 de 4" in said(page, "grades")


def test_columns_are_in_the_order_in_which_assignments_are_taught(classroom):
    for assignment in ("epochs", "neuron", "wine"):
        classroom.assign(assignment)
        classroom.grade("ada", assignment, {"easy": 2.0, "hard": 3.0})
    classroom.configure('c.Course.taught = ["wine", "epochs"]')
    assert list(read_standing(classroom.course).max_points) == ["wine", "epochs", "neuron"]


def test_weights_are_shown_and_count(classroom):
    for assignment, points in (("epochs", 5.0), ("wine", 0.0)):
        classroom.assign(assignment)
        classroom.grade("ada", assignment, {"easy": min(points, 2.0), "hard": max(points - 2, 0.0)})
    classroom.configure('c.Report.weights = {"wine": 3}')
    page = classroom.page()
    assert rows(page, "grades") == [["ada", "5", "0", "25 %"]]
    heading = page.find(id="grades").find_parent("section").table.thead.get_text(" ", strip=True)
    assert "epochs / 5 · 25 %" in heading and "wine / 5 · 75 %" in heading


@pytest.mark.parametrize(
    ("line", "said", "mended"),
    [
        (
            "c.Report.weights = {'beer': 2}",
            r"names beer, which is no .* There is: wine\.",
            "c.Report.weights = {'wine': 2}",
        ),
        ("c.Report.weights = {'wine': -1}", "write numbers from 0 on", "c.Report.weights = {'wine': 0.5}"),
        ("c.Report.weights = 3", "write numbers from 0 on", "c.Report.weights = {}"),
        ("c.Report.formgrader = 'javascript:alert(1)'", "write its address", "c.Report.formgrader = 'https://a.es/fg'"),
    ],
)
def test_wrong_settings_say_what_to_do(classroom, line, said, mended):
    classroom.assign("wine")
    classroom.configure(line)
    with pytest.raises(GradingError, match=said):
        report_settings(classroom.course)
    classroom.configure(mended)
    assert report_settings(classroom.course)
    with pytest.raises(GradingError, match=r"c\.Report\.weight is read by nothing\. Do you mean weights\?"):
        classroom.configure("c.Report.weight = {}")


def test_one_student_makes_a_page(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    page = classroom.page()
    assert rows(page, "exercises") == [["easy", "2", "", "1", "0", "0"], ["hard", "3", "", "1", "0", "0"]]
    assert "Nada: todo está entregado" in said(page, "todo") and page.find(id="look-after") is None


def test_exercises_have_the_titles_of_the_source(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 0.0}, errors={"hard": ("Respuesta", "`f(3)` es None.")})
    marks = {"schema_version": 3, "solution": False, "locked": True, "task": False}
    cells = [nbformat.v4.new_markdown_cell("## Ejercicio 1 · `f` <b> (5 puntos)")]
    for cell in ("easy", "hard"):
        grade = {**marks, "grade": True, "grade_id": cell, "points": 2}
        cells.append(nbformat.v4.new_code_cell(f"# Objetivo: que sea {cell}.", metadata={"nbgrader": grade}))
    folder = classroom.course.folder("source", "wine")
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "wine.ipynb")
    page = classroom.page()
    titles = [row[0] for row in rows(page, "exercises")]
    assert titles == ["Ejercicio 1 · f <b> Objetivo: que sea easy.", "Ejercicio 1 · f <b> Objetivo: que sea hard."]
    assert rows(page, "messages") == [["1", "f(3) es None. ada", "Ejercicio 1 · f <b> wine"]]
    assert [code.string for code in page.find(id="messages").find_parent("section").table("code")] == ["f(3)", "f"]


def test_feedback_pages_are_linked_from_where_the_report_stands(classroom):
    classroom.assign("wine")
    student = "ana 100% #1:x"
    classroom.grade(student, "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade("eva", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.feedback(student, "wine")
    message = ("Respuesta", "Falla.")
    classroom.grade(student, "wine", {"easy": 2.0, "hard": 0.0}, errors={"hard": message})
    address = "ana%20100%25%20%231%3Ax/wine/wine.html"
    for name, way in (
        ("report.html", "feedback/"),
        ("reports/2026/a.html", "../../feedback/"),
        ("feedback/a.html", ""),
    ):
        page = classroom.page(name)
        assert {a["href"] for a in page.find(id="messages").find_parent("section")("a")} == {f"{way}{address}#hard"}
        assert [a["href"] for a in page.find(id="grades").find_parent("section").table("a")] == [way + address]


# What students can write


def assert_harmless(page):
    """Nothing on the page runs but its own script, and that by the hash in its policy."""
    [script] = page("script")
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy
    for tag in page(True):
        assert tag.name not in ("img", "iframe", "object", "embed", "base", "form", "link"), tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        address = r"#|(\.\./)*feedback/|http://localhost:8888/formgrader/submissions/\w+/$"
        assert re.match(address, tag.get("href", "#")), tag


@pytest.fixture
def hostile(classroom):
    """A class with markup in every text that a student can choose."""
    student = HOSTILE.replace("/", "∕")
    classroom.assign("wine")
    classroom.enrol(student, first_name=HOSTILE, last_name="</small>" + HOSTILE)
    classroom.grade(
        student,
        "wine",
        {"easy": 0.0, "hard": 0.0},
        hours_late=2,
        errors={"easy": ("Respuesta", HOSTILE), "hard": (HOSTILE, "{{ 7 * 7 }} </script>")},
        top=LOST.format(HOSTILE),
    )
    classroom.grade(
        "javascript:alert(3)",
        "wine",
        {"easy": 0.0, "hard": 0.0},
        stopped="wall",
        errors={"easy": ("Detenido", HOSTILE)},
    )
    classroom.hand_in("failed" + student, "wine")
    for name in (student, "javascript:alert(3)"):
        classroom.feedback(name, "wine")
    return classroom


def test_nothing_of_a_student_runs_in_the_page(hostile):
    page = hostile.page()
    assert_harmless(page)
    shown = page.get_text()
    assert shown.count(HOSTILE) >= 3 and "{{ 7 * 7 }} </script>" in shown


def test_names_that_are_no_text_make_a_page(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.hand_in(b"caf\xe9\x1b[2J".decode("utf-8", "surrogateescape"), "wine")
    assert [row[1] for row in rows(classroom.page(), "grades")] == ["5", "sin corregir"]


def test_in_a_browser_tables_are_sorted_and_searched_and_nothing_else_runs(hostile, window):
    for name, easy in (("ada", 2.0), ("eva", 1.0)):
        hostile.grade(name, "wine", {"easy": easy, "hard": 0.0}, errors={"hard": ("Respuesta", f"{name} se para.")})
    hostile.enrol("eva", first_name="Eva", last_name="Núñez")
    hostile.grade("waits", "wine", {"easy": 2.0, "hard": None})
    write_report(hostile.course, hostile.course.root / "report.html")
    page = window()
    dialogs, blocked = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: blocked.append(message.text))
    page.goto((hostile.course.root / "report.html").as_uri())
    assert not violations(page)
    table = page.locator("section:has(#grades) table")
    heading = table.locator("thead th", has_text="wine")
    orders = []
    for _ in range(2):
        heading.get_by_role("button").press("Enter")
        values = [cell.get_attribute("data-value") for cell in table.locator("tbody td:nth-child(2)").all()]
        orders.append((heading.get_attribute("aria-sort"), values))
    table.get_by_role("button", name="Estudiante").click()
    assert heading.get_attribute("aria-sort") is None
    assert orders[0] == ("descending", ["2.0", "2.0", "1.0", "0.0", "0.0", ""])
    assert orders[1] == ("ascending", ["0.0", "0.0", "1.0", "2.0", "2.0", ""])

    search, shown = page.get_by_role("searchbox"), page.locator("table.sortable > tbody > tr:visible")
    for words, count, answer in (("nunez", 2, "2 filas"), ("PARA núñez", 1, "1 fila"), ("nadie", 0, "0 filas")):
        search.fill(words)
        assert shown.count() == count and page.locator("output").inner_text() == answer
    search.fill("")
    assert shown.count() > 8 and page.locator("output").inner_text() == ""

    page.emulate_media(color_scheme="dark")
    assert not violations(page)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible() and table.locator("thead").is_visible()
    assert not dialogs and not blocked


def test_links_lead_to_the_server_that_shows_the_page(classroom, window):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": None})
    classroom.feedback("ada", "wine")
    write_report(classroom.course, classroom.course.root / "report.html")
    page = window()
    text = (classroom.course.root / "report.html").read_text("utf-8")
    page.route("**/*", lambda route: route.fulfill(body=text, content_type="text/html"))
    addresses = []
    for where in ("http://hub.test/user/ana/files/course/report.html", "http://hub.test/reports/report.html"):
        page.goto(where)
        addresses.append(page.locator("a.formgrader").evaluate("link => link.href").split("/submissions/")[0])
        addresses.append(page.locator("table.one-line td a").evaluate("link => link.href"))
    assert addresses == [
        "http://hub.test/user/ana/formgrader",
        "http://hub.test/user/ana/lab/tree/course/feedback/ada/wine/wine.html",
        "http://localhost:8888/formgrader",
        "http://hub.test/reports/feedback/ada/wine/wine.html",
    ]


# The language


def extracted():
    """Return the sentences of the template, those with a plural as pairs."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    environment.policies["ext.i18n.trimmed"] = True
    found = environment.extract_translations((TEMPLATES / "report.html.j2").read_text("utf-8"))
    return {tuple(text[:2]) if isinstance(text, tuple) else text for _, _, text in found}


def test_the_catalogue_has_every_sentence_with_the_same_places():
    with (TEMPLATES / "es.po").open("rb") as file:
        catalogue = {message.id: message for message in read_po(file, locale="es") if message.id}
    assert not extracted() - set(catalogue)
    for english, message in catalogue.items():
        pairs = zip(english, message.string, strict=True) if isinstance(english, tuple) else [(english, message.string)]
        for original, spanish in pairs:
            assert spanish and not message.fuzzy
            for kept in (r"%\(\w+\)s", r"<[^>]+>", r"`[^`]+`"):
                assert sorted(re.findall(kept, spanish)) == sorted(re.findall(kept, original)), original


@pytest.mark.parametrize(
    ("edition", "language", "title"), [("es", "es", "Cómo va"), ("en", "en", "How"), ("v2", "en", "How")]
)
def test_the_page_is_in_the_language_of_the_edition(classroom, edition, language, title):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 0.0}, errors={"hard": ("Respuesta", "Falla.")}, hours_late=2)
    classroom.hand_in("eva", "wine")
    classroom.configure(f'c.CourseDirectory.source_directory = "source/{edition}"')
    page = classroom.page()
    assert page.html["lang"] == language and page.h1.string.startswith(title)
    text = page.body.get_text()
    spanish = set(re.findall(r"\b(de la|tarde|puntos|estudiantes|mensaje)\b", text))
    assert bool(spanish) == (language == "es") and ("students" in text) == (language == "en")


# The command


def test_without_grades_it_says_what_to_do_and_makes_no_gradebook(tmp_path):
    Classroom(tmp_path)
    done = command("grader", "report", folder=tmp_path, expected=1)
    assert "No report: Nothing is graded yet" in done.stdout and "grader autograde" in done.stdout
    assert not (tmp_path / "gradebook.db").exists() and not (tmp_path / "report.html").exists()


def test_errors_say_what_to_do(classroom):
    classroom.assign("wine")
    with pytest.raises(GradingError, match="Nothing is graded yet"):
        read_standing(classroom.course)
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    with pytest.raises(GradingError, match=r"No assignment beer in the gradebook\. There is: wine\."):
        read_standing(classroom.course, ["beer"])
    (classroom.course.root / "taken").write_text("a file")
    with pytest.raises(GradingError, match=r"Cannot write .*--output"):
        write_report(classroom.course, classroom.course.root / "taken" / "report.html")


def test_only_the_assignments_named(classroom):
    for assignment in ("epochs", "wine"):
        classroom.assign(assignment)
        classroom.grade("ada", assignment, {"easy": 2.0, "hard": 3.0})
    assert {record.assignment for record in read_standing(classroom.course, ["wine"]).records} == {"wine"}


# The workbook


def sheets(path):
    """Return {name of a sheet: its rows}, values as a spreadsheet has them; no cell is a formula."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet for cell in row)
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


@pytest.fixture
def exported(classroom):
    """A class with penalties, an extension, missing, waiting and ungraded work and names that look like formulas."""
    classroom.configure("c.LatePolicy.percent_per_day = 20")
    for assignment in ("epochs", "wine"):
        classroom.assign(assignment)
        classroom.grade("007", assignment, {"easy": 2.0, "hard": 2.5}, hours_late=30)
    classroom.enrol("007", first_name="Ana", last_name="=2+3", email="ana@uni.es")
    classroom.grade("eva\x1b", "wine", {"easy": 1.0, "hard": None})
    classroom.hand_in("late", "wine")
    classroom.enrol("never")
    with classroom.course.gradebook() as gradebook:
        gradebook.grant_extension("wine", "007", days=1)
    return classroom


def export(classroom, *arguments, expected=0):
    """Run `nbgrader export`; return what it says of errors."""
    return command("nbgrader", "export", *arguments, folder=classroom.course.root, expected=expected).stderr


def test_the_workbook_has_numbers_times_and_no_formulas(exported):
    export(exported, "--to", "grades.xlsx")
    found = sheets(exported.course.root / "grades.xlsx")
    assert list(found) == ["Estudiantes", "Notas"]
    heading, *students = found["Estudiantes"]
    assert heading[4:] == ["epochs", "wine", "Total", "falta", "sin corregir", "a mano", "prueba rota", "tarde"]
    by_id = {row[0]: row[1:] for row in students}
    assert by_id["007"] == ["'=2+3", "Ana", "ana@uni.es", 2.7, 3.6, pytest.approx(0.63), 0, 0, 0, 0, 2]
    assert by_id["eva\N{REPLACEMENT CHARACTER}"][3:] == [None, 1, 0.1, 1, 0, 1, 0, 0]
    assert by_id["late"][3:] == [None, None, 0, 1, 1, 0, 0, 0] and by_id["never"][3:] == [None, None, 0, 2, 0, 0, 0, 0]
    heading, *grades = found["Notas"]
    row = next(row for row in grades if row[0] == "wine" and row[3] == "007")
    assert row[1] == DUE + datetime.timedelta(days=1) and row[2] == DUE + datetime.timedelta(hours=30)
    assert row[7:] == [4.5, 0.9, 3.6, 5]

    # the same as the CSV, and as the page
    export(exported)
    with (exported.course.root / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == heading and len(lines) == len(grades)
    for line, row in zip(lines, grades, strict=True):
        assert [float(line[name]) for name in heading[-4:]] == [float(value) for value in row[-4:]]
    shown = {row[0]: row[1:] for row in rows(exported.page(), "grades")}
    assert shown["=2+3, Ana 007"] == ["tarde 2.7", "tarde 3.6", "63 %"]


def test_the_workbook_of_some(exported):
    export(exported, "--to", "some.xlsx", "--assignment", '["wine"]', "--student", '["007"]')
    found = sheets(exported.course.root / "some.xlsx")
    assert [row[0] for row in found["Estudiantes"]] == ["student_id", "007"]
    assert [row[:1] + row[3:4] for row in found["Notas"][1:]] == [["wine", "007"]]


def test_what_cannot_be_written_says_what_to_do(exported):
    (exported.course.root / "taken.xlsx").mkdir()
    for name, what in (
        ("grades.ods", "No grades are written to grades.ods: let the name end in .xlsx"),
        ("taken.xlsx", "taken.xlsx cannot be written: Is a directory"),
        ("no/grades.csv", "no/grades.csv cannot be written: No such file"),
    ):
        told = export(exported, "--to", name, expected=1)
        assert what in told and "Traceback" not in told
    exported.configure("c.Report.weights = 1")
    assert "write numbers from 0 on" in export(exported, "--to", "a.xlsx", expected=1)
    export(exported, "--to", "a.csv")
    assert len((exported.course.root / "a.csv").read_text("utf-8-sig").splitlines()) == 1 + 6
