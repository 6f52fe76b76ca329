"""`grader report`: its figures are right, and nothing that comes from students runs in it."""

import base64
import datetime
import hashlib
import json
import re
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from grader.course import Course, GradingError
from grader.items import FEWEST, discrimination, failures, items
from grader.report import concerns, summary, write_report
from grader.standing import read_standing
from grader.submitted import LOST

from .accessibility import violations
from .conftest import ROOT, command

CELLS = {"easy": 2.0, "hard": 3.0}
DUE = datetime.datetime(2026, 3, 1, 12)
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>"


class Classroom:
    """A course without notebooks of its own, in whose gradebook and folders a test enters what it needs."""

    def __init__(self, root, gradebook=None):
        shutil.copy(ROOT / "nbgrader_config.py", root)
        if gradebook:
            shutil.copy(gradebook, root)
        self.course = Course(root)

    def assign(self, name, cells=CELLS, due=DUE):
        with self.course.gradebook() as gradebook:
            gradebook.add_assignment(name, duedate=due)
            gradebook.add_notebook(name, name)
            for cell, points in cells.items():
                gradebook.add_grade_cell(cell, name, name, max_score=points, cell_type="code")

    def enrol(self, student, **names):
        with self.course.gradebook() as gradebook:
            gradebook.update_or_create_student(student, **names)

    def hand_in(self, student, assignment):
        folder = self.course.folder("submitted", student, assignment)
        folder.mkdir(parents=True)

    def grade(self, student, assignment, points, *, hours_late=-1, penalty=0.0, errors=None, top="# Vinos", **facts):
        """Enter a graded submission. points: {cell: points, None if by hand}; errors: {cell: (kind, text)}."""
        self.enrol(student)
        with self.course.gradebook() as gradebook:
            when = DUE + datetime.timedelta(hours=hours_late)
            submission = gradebook.add_submission(assignment, student, timestamp=when)
            submission.notebooks[0].late_submission_penalty = penalty
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
            cells.append({"cell_type": "code", "metadata": {"nbgrader": marks}, "source": [], "outputs": outputs})
        facts = {"seconds": 12.5, "memory_mb": 345, "stopped": "", "noted": not top.startswith("#")} | facts
        self.write(student, assignment, json.dumps({"metadata": {"grader": facts}, "cells": cells}))

    def write(self, student, assignment, text):
        folder = self.course.folder("autograded", student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_text(text, "utf-8")

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


# Real graded data


@pytest.fixture(scope="module")
def real(graded, tmp_path_factory):
    """The page on the class of known-outcome submissions, as the command writes it."""
    path = tmp_path_factory.mktemp("report") / "class.html"
    done = command("grader", "report", "--output", path, folder=graded.course.root)
    return SimpleNamespace(page=BeautifulSoup(path.read_text("utf-8"), "html.parser"), printed=done.stdout, path=path)


def test_real_shares_are_those_of_the_gradebook(graded, real):
    for assignment in graded.course.assignments():
        students = [student for name, student in graded.students if name == assignment]
        points = pd.DataFrame([graded.points(assignment, student) for student in students])
        shown = {row[1]: row for row in rows(real.page, "cells") if row[0] == assignment}
        assert set(shown) == set(points)
        for cell, earned in points.items():
            full = (earned == float(shown[cell][2])).mean()
            assert shown[cell][3] == str(len(students))
            assert abs(float(shown[cell][4].removesuffix(" %")) - 100 * full) <= 0.5
            assert shown[cell][8] in ("well", "fairly", "hardly", "the wrong way round", "all alike")


def test_real_messages_time_and_memory_are_shown(graded, real):
    said = re.sub(r"\s+", " ", real.page.find(id="messages").find_parent("section").get_text())
    assert "está sin hacer todavía" in said and "Students" in said
    submissions = rows(real.page, "submissions")
    assert len(submissions) == len(graded.students)
    assert all(row[2] in ("graded", "stopped") and re.fullmatch(r"[\d.]+ (s|min)", row[5]) for row in submissions)
    assert all(int(row[6].removesuffix(" MB")) > 50 for row in submissions)
    assert str(real.path.name) in real.printed


# Figures


def test_discrimination_is_the_correlation_with_the_other_cells():
    table = pd.DataFrame({"a": [0, 1, 2, 3], "b": [0, 2, 4, 6], "c": [3, 2, 1, 0], "same": [1, 1, 1, 1]}, dtype=float)
    found = discrimination(table)
    rest = table["b"] + table["c"] + table["same"]
    assert found["a"] == pytest.approx(np.corrcoef(table["a"], rest)[0, 1])
    assert found["a"] > 0.99 and found["c"] < -0.99 and np.isnan(found["same"])


def test_discrimination_leaves_out_what_waits_for_a_grade():
    table = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 1.0, 2.0], "manual": [5.0, np.nan, 0.0]})
    found = discrimination(table)
    assert found["a"] == pytest.approx(1) and np.isnan(found["manual"])


def test_a_cell_alone_or_alike_for_all_has_no_discrimination():
    def record(**cells):
        return SimpleNamespace(cells=cells)

    alone = items("wine", {"a": 1.0}, [record(a=float(n % 2)) for n in range(FEWEST)])[0]
    assert alone.discrimination is None and alone.separates == "no other cell to compare with"
    alike = items("wine", CELLS, [record(easy=2.0, hard=float(n % 4)) for n in range(FEWEST)])
    assert [item.separates for item in alike] == ["all alike", "no other cell to compare with"]
    few = items("wine", CELLS, [record(easy=float(n % 3), hard=float(n % 4)) for n in range(FEWEST - 1)])
    assert {item.separates for item in few} == {"too few"}


def test_shares_of_full_partial_none_and_by_hand():
    found = [{"easy": 2.0}, {"easy": 1.0}, {"easy": 0.0}, {"easy": 0.0}, {"easy": None}]
    item = items("wine", {"easy": 2.0}, [SimpleNamespace(cells=cells) for cells in found])[0]
    assert (item.full, item.partial, item.none, item.pending, item.count) == (1, 1, 2, 1, 4)


def messages(*texts):
    return [
        SimpleNamespace(student=f"s{n}", assignment="wine", messages={"hard": text}) for n, text in enumerate(texts)
    ]


def text(failure):
    return "".join(piece for piece, _ in failure.text)


def test_messages_that_differ_only_in_numbers_are_one():
    found = failures(
        messages("MSE 45.1, no 30.", "MSE 977.30, no 30.", "MSE -2e-05, no 30.", "Tu F1 es 0.3", "Tu F2 es 0.3")
    )
    assert [len(failure.students) for failure in found] == [3, 1, 1]
    assert text(found[0]) == "MSE -2e-05 … 977.30, no 30."
    assert {text(failure) for failure in found[1:]} == {"Tu F1 es 0.3", "Tu F2 es 0.3"}


def test_a_student_counts_once_for_a_message_of_many_cells():
    records = [SimpleNamespace(student="a", assignment="wine", messages={"easy": "Se paró.", "hard": "Se paró."})]
    [failure] = failures(records)
    assert failure.students == ["a"] and failure.count == 2 and len(failure.cells) == 2


def test_endless_messages_are_cut():
    [failure] = failures(messages("x" * 100_000))
    assert len(text(failure)) < 500 and text(failure).endswith("…")


def test_bins_hold_every_submission_those_with_extra_credit_too():
    grades = [0.0, 0.9, 5.0, 9.9, 10.0, 12.0]
    records = [
        SimpleNamespace(
            is_graded=True,
            points=p,
            possible=10.0,
            seconds=None,
            memory_mb=None,
            state="graded",
            seconds_late=0,
            pending=[],
        )
        for p in grades
    ]
    found = summary("wine", {"a": 10.0}, records)
    assert found.bins == [2, 0, 0, 0, 0, 1, 0, 0, 0, 3] and found.half == 4


# The class


def test_states_of_a_class(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade(
        "stop", "wine", {"easy": 2.0, "hard": 0.0}, stopped="memory", errors={"hard": ("Detenido", "Más de 4 GB.")}
    )
    classroom.grade("lost", "wine", {"easy": 0.0, "hard": 0.0}, top=LOST.format("no contiene ningún cuaderno."))
    classroom.grade("late", "wine", {"easy": 2.0, "hard": 3.0}, hours_late=5, penalty=1.0)
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
    assert {row[0] for row in rows(page, "troubled")} == {"stop", "lost", "late", "failed", "broken"}
    assert "absent" in page.find(id="missing").find_parent("section").get_text()
    assert ["absent Gil, Ana", "0 %", "has handed in nothing"] in rows(page, "students")


def test_a_newer_submission_than_the_graded_one_is_told(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.hand_in("ada", "wine")
    for step, day in (("autograded", 1), ("submitted", 2)):
        stamp = classroom.course.folder(step, "ada", "wine") / "timestamp.txt"
        stamp.write_text(f"2026-02-0{day} 10:00:00 UTC")
    assert "newer" in classroom.records()["wine", "ada"].remark


def test_nothing_is_missing_before_it_is_due_or_anybody_has_handed_in(classroom):
    classroom.assign("wine", due=datetime.datetime(2999, 1, 1))
    classroom.assign("epochs", due=None)
    classroom.assign("neuron", due=None)
    classroom.enrol("eva")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade("ada", "epochs", {"easy": 2.0, "hard": 3.0})
    missing = [key for key, record in classroom.records().items() if record.state == "missing"]
    assert missing == [("epochs", "eva")]


def test_students_to_look_after_have_reasons(classroom):
    for assignment in ("epochs", "wine"):
        classroom.assign(assignment)
        classroom.grade("good", assignment, {"easy": 2.0, "hard": 3.0})
        classroom.grade("slow", assignment, {"easy": 2.0, "hard": 3.0}, hours_late=1)
        classroom.grade("waits", assignment, {"easy": 2.0, "hard": None})
    classroom.grade("weak", "wine", {"easy": 2.0, "hard": 0.0})
    found = {c.student: c for c in concerns(read_standing(classroom.course))}
    assert list(found) == ["weak", "slow"]
    assert [(why, [r.assignment for r in of]) for why, of in found["weak"].reasons] == [
        ("missing", ["epochs"]),
        ("below half of the points", ["wine"]),
    ]
    assert found["weak"].share == pytest.approx(0.2)
    assert [why for why, _ in found["slow"].reasons] == ["late more than once"]


def test_a_broken_test_and_cells_to_grade_by_hand_are_for_the_instructor_to_do(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 0.0, "hard": None}, errors={"easy": ("CorrecciónRota", "KeyError: 3")})
    todo = classroom.page().find(id="todo").find_parent("section").get_text()
    assert "wine/easy" in todo and "ada" in todo and "1 submission waits for your grade" in todo


def test_one_student_makes_a_page(classroom):
    classroom.assign("wine")
    classroom.grade("ada", "wine", {"easy": 2.0, "hard": 3.0})
    page = classroom.page()
    assert [row[8] for row in rows(page, "cells")] == ["too few", "too few"]
    assert "Nobody" in page.find(id="students").find_parent("section").get_text() and page.find(id="todo") is None


def test_feedback_pages_are_linked_from_where_the_report_stands(classroom):
    classroom.assign("wine")
    student = "ana 100% #1:x"
    classroom.grade(student, "wine", {"easy": 2.0, "hard": 3.0})
    classroom.grade("eva", "wine", {"easy": 2.0, "hard": 3.0})
    folder = classroom.course.folder("feedback", student, "wine")
    folder.mkdir(parents=True)
    (folder / "wine.html").write_text("feedback")
    address = "ana%20100%25%20%231%3Ax/wine/wine.html"
    for name, way in (
        ("report.html", "feedback/"),
        ("reports/2026/a.html", "../../feedback/"),
        ("feedback/a.html", ""),
    ):
        links = {a["href"] for a in classroom.page(name).main("a")}
        assert links == {way + address}


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
        assert re.match(r"(#|(\.\./)*feedback/)", tag.get("href", "#")), tag


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
        folder = classroom.course.folder("feedback", name, "wine")
        folder.mkdir(parents=True)
        (folder / "wine.html").write_text("feedback")
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
    assert [row[2] for row in rows(classroom.page(), "submissions")] == ["graded", "not graded"]


def test_in_a_browser_tables_are_sorted_and_nothing_else_runs(hostile, window):
    for name, easy in (("ada", 2.0), ("eva", 1.0)):
        hostile.grade(name, "wine", {"easy": easy, "hard": 0.0})
    write_report(hostile.course, hostile.course.root / "report.html")
    page = window()
    dialogs, blocked = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: blocked.append(message.text))
    page.goto((hostile.course.root / "report.html").as_uri())
    assert not violations(page)
    table = page.locator("section:has(#submissions) table")
    heading = table.locator("thead th", has_text="Points")
    orders = []
    for _ in range(2):
        heading.get_by_role("button").press("Enter")
        orders.append((heading.get_attribute("aria-sort"), table.locator("tbody td:nth-child(4)").all_inner_texts()))
    table.get_by_role("button", name="Student").click()
    assert heading.get_attribute("aria-sort") is None
    assert orders == [("descending", ["2", "1", "0", "0", ""]), ("ascending", ["0", "0", "1", "2", ""])]
    assert not dialogs and not blocked


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
