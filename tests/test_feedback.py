"""The feedback page: what a student finds on it, for every kind of result. Made by `nbgrader generate_feedback`."""

import copy
import csv
import itertools
import re
import shutil

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.export import write_workbook
from grader.lms.upload import Uploads
from grader.notebooks.skipping import TAG
from grader.pages.feedback import lateness, points
from grader.pages.formulas import mathml
from grader.pages.report import write_report

from .accessibility import violations
from .course import ASSIGNMENTS, FIXED_SEED, LIGHT, Graded, cell, command, hand_in, new_course, notebook

FULL, EMPTY = (f"reference-{rest}-{FIXED_SEED}" for rest in ("solved", "untouched"))
ESSAY = "ensayo"


class Page:
    """What a feedback page says, by its headings."""

    def __init__(self, text, path=None):
        self.text, self.path = text, path
        self.soup = BeautifulSoup(text, "html.parser")
        self.header = self.soup.header.get_text(" ", strip=True)

    def rows(self):
        """Return {title: (state, points, all that stands in the row)} of the table of exercises."""
        found = {}
        for row in self.soup.select("table.results tbody tr"):
            state, title, earned = row.find_all(["td", "th"])
            found[title.a.get_text()] = (state.select_one(".unseen").text, earned.text, title.get_text(" ", strip=True))
        return found

    def verdict(self, grade_id):
        """Return the text of the box that stands in the place of a graded cell."""
        return self.soup.find(id=grade_id).get_text(" ", strip=True)

    def broken_links(self):
        """Return the links within the page that lead nowhere."""
        targets = [a["href"][1:] for a in self.soup.find_all("a", href=re.compile("^#"))]
        return [target for target in targets if not self.soup.find(id=target)]


@pytest.fixture(scope="module")
def course_pages(graded, tmp_path_factory):
    """{(assignment, student): Page} of the solved and the untouched notebooks, and of one assignment's wrong ones."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(graded.course.root / name, folder)
    wrong = [(a, s) for (a, s), known in graded.students.items() if a == "neuron" and known.kind == "wrong"]
    pages = {}
    for assignment, student in [*((a, s) for a in ASSIGNMENTS for s in (FULL, EMPTY)), *wrong]:
        shutil.copytree(
            graded.course.folder("autograded", assignment, student), folder / "autograded" / student / assignment
        )
        pages[assignment, student] = folder / "feedback" / student / assignment / f"{assignment}.html"
    for assignment in ASSIGNMENTS:
        command("nbgrader", "generate_feedback", assignment, folder=folder)
    return {key: Page(path.read_text("utf-8"), path) for key, path in pages.items()}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_full_points(course_pages, assignment):
    page = course_pages[assignment, FULL]
    assert page.soup.h1.text == re.search("# (.+)", notebook("source", assignment).cells[0].source)[1]
    assert "10 de 10 puntos" in page.header and "¡Enhorabuena!" in page.header
    assert {state for state, *_ in page.rows().values()} == {"conseguido"}
    assert all(title.startswith("Ejercicio ") and "punto" not in title for title in page.rows())
    assert not page.broken_links()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_figures_are_not_repeated(course_pages, assignment):
    cells = notebook("source", assignment).cells
    drawings = [cell for cell in cells if {TAG, "hide-input"} <= set(cell.metadata.get("tags", []))]
    drawings = [cell for cell in drawings if "nbgrader" not in cell.metadata]  # the others are self-checks
    assert len(course_pages[assignment, FULL].soup.select("p.omitted")) == len(drawings)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_points(course_pages, assignment):
    page = course_pages[assignment, EMPTY]
    assert "0 de 10 puntos" in page.header and "Todavía no hay ningún ejercicio" in page.header
    assert {state for state, *_ in page.rows().values()} == {"sin conseguir"}
    assert not page.broken_links() and "Comentario" not in page.text  # nbgrader's own is no instructor's


def test_each_failure_is_told_above_and_in_its_place(course_pages, graded):
    wrong = [key for key in course_pages if key[1] not in (FULL, EMPTY)]
    assert len(wrong) >= 12
    for assignment, student in wrong:
        page = course_pages[assignment, student]
        listed = " ".join(text for *_, text in page.rows().values())
        for grade_id, text in graded.students[assignment, student].messages.items():
            for place in (listed, page.verdict(grade_id)):  # but for spaces around what is shown as code
                assert "".join(text.replace("`", "").split()) in "".join(place.split()), student
            assert page.verdict(grade_id).startswith("✘ sin conseguir 0 de")
        earned = sum(graded.points(assignment, student).values())
        assert f"{points(earned)} de 10 puntos" in page.header


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_plots_and_formulas_are_seen_without_scripts(course_pages, assignment):
    page = course_pages[assignment, FULL]
    assert not page.soup.find_all(["script", "iframe", "link"])
    pictures = page.soup.find_all("img")
    assert len(pictures) + len(page.soup.select("p.omitted")) >= 3 and pictures
    assert all(len(img["alt"]) > 20 for img in pictures)
    assert all(img["src"].startswith("data:image/png;base64,") for img in pictures)
    formulas = page.soup.select(".formula")
    assert len(formulas) >= 5 and all(f.math for f in formulas), [f.text for f in formulas if not f.math]
    text = " ".join(t for t in page.soup.find_all(string=True) if not t.find_parent(["code", "pre", "math", "style"]))
    assert not re.search(r"\$\S|\\[a-z]", text)
    levels = [int(heading.name[1]) for heading in page.soup.find_all(re.compile(r"^h\d$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
@pytest.mark.parametrize("student", [FULL, EMPTY])
def test_nothing_keeps_anybody_from_reading_a_page(course_pages, window, assignment, student, scheme):
    page = window(color_scheme=scheme)
    page.goto(course_pages[assignment, student].path.as_uri())
    assert not violations(page)
    if student == FULL:
        assert page.get_by_role("img").count() and not page.get_by_role("img", name=re.compile("^$|sin descri")).count()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_hidden_test_is_on_a_page(course_pages, assignment):
    cells = notebook("source", assignment).cells
    tests = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    shown = "\n".join(c.source for c in cells if c not in tests)
    lines = {line.strip() for test in tests for line in test.source.split("\n") if not line.startswith("#")}
    secret = [line for line in lines if len(line) > 30 and line not in shown]
    assert len(secret) > 20
    for student in (FULL, EMPTY):
        text = course_pages[assignment, student].soup.get_text()
        assert not [line for line in secret if line in text]


def essay():
    """An assignment with everything that the course's own do not have: answers graded by hand and partial credit."""
    tests = "### BEGIN HIDDEN TESTS\nfrom grader import student\nstudent.half(1)\n### END HIDDEN TESTS"
    return new_notebook(
        cells=[
            new_markdown_cell("# Un ensayo de $x^2$"),
            new_markdown_cell("## Ejercicio 1 · La mitad (1 punto)"),
            cell(new_code_cell, "### BEGIN SOLUTION\nhalf = lambda x: x / 2\n### END SOLUTION", "half", solution=True),
            cell(new_code_cell, f"# Objetivo: la mitad.\n{tests}", "half-test", grade=True, locked=True, points=1),
            new_markdown_cell("## Ejercicio 2 · Explícalo (2 puntos)"),
            cell(new_markdown_cell, "Escribe.", "why", grade=True, solution=True, points=2),
            new_markdown_cell("## Ejercicio 3 · Dibújalo (3 puntos)"),
            cell(new_markdown_cell, "Dibuja.", "draw", task=True, locked=True, points=3),
        ]
    )


def answered(release, half="half = lambda x: x / 2"):
    """Return the `release` notebook with answers in it."""
    nb = copy.deepcopy(release)
    nb.cells[2].source, nb.cells[5].source = half, "Porque **sí**."
    return nb


@pytest.fixture(scope="module")
def essays(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("essays"), [], f"{LIGHT}c.LatePolicy.percent_per_day = 100\n")
    source = course.folder("source", ESSAY)
    source.mkdir(parents=True)
    nbformat.write(essay(), source / f"{ESSAY}.ipynb")
    command("nbgrader", "generate_assignment", ESSAY, folder=course.root)
    command("nbgrader", "db", "assignment", "add", ESSAY, "--duedate", "2026-01-01 10:00:00 UTC", folder=course.root)
    release = nbformat.read(course.folder("release", ESSAY) / f"{ESSAY}.ipynb", 4)
    hand_in(course, "ana", ESSAY, answered(release))
    hand_in(course, "bea", ESSAY, answered(release))
    hand_in(course, "carla", ESSAY, answered(release, "import os\nos._exit(1)"))
    hand_in(course, "dani", ESSAY, nbformat.writes(answered(release))[:900])
    late = hand_in(course, "eva", ESSAY, answered(release))
    (late.parent / "timestamp.txt").write_text("2026-01-03 11:00:00 UTC")
    renamed = hand_in(course, "flor", ESSAY, release)
    renamed.rename(renamed.with_name("Ensayo final.ipynb"))
    command("grader", "autograde", folder=course.root, expected=1)
    with course.gradebook() as gradebook:
        for name, score in (("why", 1.5), ("draw", 3.0)):
            grade = gradebook.find_grade(name, ESSAY, ESSAY, "ana")
            grade.manual_score, grade.needs_manual_grade = score, False
            gradebook.find_comment(name, ESSAY, ESSAY, "ana").manual_comment = "Falta un *ejemplo*: $y^2$."
        gradebook.db.commit()
    command("nbgrader", "generate_feedback", ESSAY, folder=course.root)
    return Graded(course)


def page_of(essays, student):
    return Page(essays.feedback(ESSAY, student))


def test_partial_credit_and_answers_graded_by_hand(essays):
    page = page_of(essays, "ana")
    assert "5 de 6 puntos" in page.header and "conseguidos: 1 de 3; en parte: 2." in page.header
    assert [row[:2] for row in page.rows().values()] == [
        ("en parte", "0.5 de 1"),
        ("en parte", "1.5 de 2"),
        ("conseguido", "3 de 3"),
    ]
    assert page.verdict("half-test").startswith("◐ en parte 0.5 de 1 punto · Objetivo: la mitad.")
    assert page.soup.h1.math and "Un ensayo de" in page.soup.h1.text


def test_comments_of_the_instructor(essays):
    page = page_of(essays, "ana")
    comments = page.soup.select(".comment")
    assert len(comments) == 2 and all(c.em.text == "ejemplo" and c.math for c in comments)
    assert "Comentario de tu profesor" in page.rows()["Ejercicio 2 · Explícalo"][2] and not page.broken_links()
    assert "Porque sí." in page.soup.select_one(".text.answer").get_text()


def test_waiting_for_the_instructor(essays):
    page = page_of(essays, "bea")
    assert "por corregir: 2" in page.header
    assert page.rows()["Ejercicio 2 · Explícalo"][:2] == ("por corregir", "– de 2")
    assert "Lo corrige tu profesor" in page.verdict("why") and not page.soup.select(".comment")


def test_stopped(essays):
    page = page_of(essays, "carla")
    assert "Tu cuaderno no llegó al final." in page.header and "se ha cerrado" in page.header
    assert "el cuaderno se detuvo antes" in page.verdict("half-test")


def test_unreadable(essays):
    page = page_of(essays, "dani")
    assert "0 de 6 puntos" in page.header and "No se ha podido corregir tu entrega:" in page.header
    assert "no se puede leer como cuaderno" in page.header
    assert not page.soup.select("table, .verdict, .code")  # of the released notebook that stood in for it


def test_late_with_its_penalty(essays):
    page = page_of(essays, "eva")
    assert "2 días después del plazo. Se han descontado 0.5 puntos." in page.header
    assert "0 de 6 puntos" in page.header and "−0.5" in page.soup.tfoot.text


def test_renamed_and_untouched(essays):
    page = page_of(essays, "flor")
    assert "Tu cuaderno se llamaba Ensayo final.ipynb" in page.header
    assert "Esta celda está como te la dieron." in page.verdict("why")
    assert not page.soup.select(".comment")


def test_report_workbook_and_platform_say_the_same_points(essays):
    course, students = essays.course, ("ana", "bea", "carla", "dani", "eva", "flor")
    told = {name: float(re.search(r"([\d.]+) de 6 puntos", page_of(essays, name).header)[1]) for name in students}
    assert told["ana"] == 5 and told["eva"] == 0 and len(set(told.values())) > 2
    write_report(course, course.root / "report.html")
    report = BeautifulSoup((course.root / "report.html").read_text("utf-8"), "html.parser")
    rows = {row.th.bdi.string: row.td for row in report.find(id="grades").find_parent("section").table.tbody("tr")}
    assert {name: float(cell["data-value"]) for name, cell in rows.items()} == told
    with course.gradebook() as gradebook:
        write_workbook(course, gradebook, course.root / "grades.xlsx")
        upload = Uploads(course, gradebook).grades(ESSAY)
    heading, *lines = openpyxl.load_workbook(course.root / "grades.xlsx")["Estudiantes"].values
    assert {line[0]: line[heading.index(ESSAY)] for line in lines} == told
    with upload.path.open(newline="", encoding="utf-8-sig") as file:
        given = {row["ID number"]: float(row["Grade"]) for row in csv.DictReader(file)}
    assert "ana" in given and given == {name: pytest.approx(told[name] / 0.6, abs=0.005) for name in given}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "menos de un minuto"), (60, "1 minuto"), (7199, "1 hora"), (86400, "1 día"), (10**6, "11 días")],
)
def test_lateness(seconds, said):
    assert lateness(seconds) == said


@pytest.mark.parametrize(
    "latex",
    [r"\newcommand{\a}{\b\b}\a", r"\def\a{x}\a", "{" * 1500, "x" * 3000, r"\frac", r"\begin{nada}", "x^x^x"],
)
def test_what_is_no_formula_is_shown_as_it_is(latex):
    assert mathml(latex) == f"<code>{latex}</code>"


@pytest.mark.parametrize(
    "latex", [r"\hspace{-100em}", r"\kern 999pt", r"\rule{90em}{90em}", r"\mathchoice{a}{b}{c}{d}"]
)
def test_formulas_stay_in_their_place(latex):
    assert not re.search(r"\d\dem|\d\dpt|-\d", mathml(latex + " x").split("<code>")[0])
