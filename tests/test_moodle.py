"""From Moodle's archive and worksheet to the CSV that Moodle takes back, with nbgrader's commands."""

import csv
import io
import re
import shutil
import stat
import zipfile
from datetime import datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.lms.moments import moment, months_come_first
from grader.notebooks.submitted import handed_in_at
from grader.office.sheets import Sheet, SheetError

from .course import LIGHT, cell, command, new_course

ASSIGNMENT = "doble"
HEADINGS = (
    *("Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)
PEOPLE = {  # participant number: (name, ID number, email, time of handing in)
    "101": ("Ana María Núñez", "A-7", "ana@example.org", "Saturday, 3 January 2026, 11:05 PM"),
    "102": ("Núñez, Ana", "", "ana.n@example.org", "Friday, 2 January 2026, 9:00 AM"),
    "103": ("Seán O'Brien", "../../x", "sean@example.org", "-"),
    "104": ('=HYPERLINK("x")', "D9", "d@example.org", "-"),
    "105": ("María José de la O", "E1", "e@example.org", "-"),
    "106": ("Íñigo Étxebarri", "F1", "f@example.org", "-"),
    "107": ("Zoë Ünal", "G1", "g@example.org", "-"),
    "108": ("Luis Vacío", "H1", "h@example.org", "-"),
    "109": ("Lía Trampa", "I1", "i@example.org", "-"),
    "110": ("Bruno Bomba", "J1", "j@example.org", "-"),
    "111": ("Eva Enlace", "K1", "k@example.org", "-"),
}
STUDENTS = {"A-7", "ana.n@example.org", "sean@example.org", "D9", "E1", "F1", "G1", "I1", "J1", "K1"}
REFUSED = {"I1": "would leave its folder", "J1": "has more than 100 MB", "K1": "is a link"}


def notebook(answer, title="Doble"):
    """A notebook as handed in; answer: the body of its function."""
    code = f"def double(x):\n    {answer}"
    return new_notebook(
        cells=[
            new_markdown_cell(f"# {title}\n\n## Ejercicio 1 · `double` (4 puntos)"),
            cell(new_code_cell, code, "double", solution=True),
        ]
    )


def source():
    test = (
        "### BEGIN HIDDEN TESTS\nfrom grader import student\nassert student.double(2) == 4, '=2*2 no es <doble>'\n"
        "### END HIDDEN TESTS"
    )
    nb = notebook("### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION")
    nb.cells.append(cell(new_code_cell, test, "double-test", grade=True, locked=True, points=4))
    return nb


def zipped(files):
    """Return the bytes of a zip archive of {name or ZipInfo: content}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def at(name, year):
    return zipfile.ZipInfo(name, (year, 1, 1, 10, 0, 0))


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def folder(number, file=""):
    return f"{PEOPLE[number][0]}_{number}_assignsubmission_file_/{file}"


def flat(number, file=""):
    return f"{PEOPLE[number][0]}_{number}_assignsubmission_file_{file}"


def moodle_archive():
    """Return {name: content} of "Download all submissions", half of it with folders, half without."""
    right, wrong = nbformat.writes(notebook("return x + x")), nbformat.writes(notebook("return x"))
    name = f"{ASSIGNMENT}.ipynb"
    inner = zipped({"entrega/" + name: right, "__MACOSX/entrega/._doble.ipynb": b"\0", "entrega/datos.csv": "1,2"})
    return {
        folder("101", name): right,
        flat("102", name): wrong,
        at(folder("103", "doble.ipynb"), 2024): wrong,
        at(folder("103", "doble (1).ipynb"), 2025): right,
        flat("104", "Mi cuaderno final.ipynb"): right,
        folder("105", "todo.zip"): zipped({"dentro.zip": inner}),
        folder("106", "memoria.pdf"): b"%PDF",
        flat("107", "a.ipynb"): right,
        flat("107", "b.ipynb"): nbformat.writes(notebook("return 2 * x")),  # not the same: which one counts?
        f"{PEOPLE['108'][0]}_108_assignsubmission_onlinetext_/onlinetext.html": "<p>hola</p>",
        folder("109", "doble.zip"): zipped({"../../../../fuera.txt": "x", name: right}),
        flat("110", "doble.zip"): zipped({name: bytes(101 * 2**20)}),
        folder("111", "doble.zip"): zipped({link(name): "/etc/passwd"}),
        "Notas del profesor.txt": "nada",
    }


def worksheet(path, headings=HEADINGS, people=PEOPLE):
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number, (name, id_number, email, when) in people.items():
            row = [f"Participant {number}", name, id_number, email, "Submitted for grading", "", "10.00", "Yes", when]
            writer.writerow([*row, "-", ""])


def read(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one small assignment, released, and Moodle's files in their place."""
    course = new_course(tmp_path_factory.mktemp("moodle"), [], LIGHT)
    place = course.folder("source", ASSIGNMENT)
    place.mkdir(parents=True)
    nbformat.write(source(), place / f"{ASSIGNMENT}.ipynb")
    command("nbgrader", "generate_assignment", ASSIGNMENT, folder=course.root)
    downloaded = course.root / "downloaded" / ASSIGNMENT
    (downloaded / "archive").mkdir(parents=True)
    (downloaded / "archive" / "Redes, 2025-26-Doble-4711.zip").write_bytes(zipped(moodle_archive()))
    old = {at(folder("101", "doble.ipynb"), 2020): nbformat.writes(notebook("return None"))}
    (downloaded / "archive" / "antes.zip").write_bytes(zipped(old))
    worksheet(downloaded / "Grades-Redes-Doble-4711.csv")
    return course


@pytest.fixture(scope="module")
def collected(course):
    return command("nbgrader", "zip_collect", ASSIGNMENT, folder=course.root).stderr


@pytest.fixture(scope="module")
def exported(course, collected):
    command("grader", "autograde", folder=course.root, expected=1)
    done = command("nbgrader", "export", "--exporter", "grader.lms.moodle_export.MoodleExport", folder=course.root)
    return {row["Identifier"][-3:]: row for row in read(course.root / "moodle" / f"{ASSIGNMENT}.csv")}, done.stderr


def handed_in(course, student):
    """Return {name: text or bytes} of what was collected of a student."""
    place = course.folder("submitted", ASSIGNMENT, student)
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}


def test_each_file_finds_its_student(course, collected):
    assert {path.name for path in (course.root / "submitted").iterdir()} == STUDENTS
    for student in ("A-7", "sean@example.org", "E1"):
        notebooks = [content for name, content in handed_in(course, student).items() if name.endswith(".ipynb")]
        assert len(notebooks) == 1 and b"return x + x" in notebooks[0], student  # the newest, with the right answer
    assert set(handed_in(course, "E1")) == {"doble.ipynb", "datos.csv"}  # beside each other, as in the archive
    assert set(handed_in(course, "G1")) == {"a.ipynb", "b.ipynb"} and set(handed_in(course, "F1")) == {"memoria.pdf"}
    assert "Notas del profesor.txt: its name is not one" in collected and "has a newer version" in collected


def test_times_are_those_of_the_worksheet(course, collected):
    assert handed_in_at(course.folder("submitted", ASSIGNMENT, "A-7")) == datetime(2026, 1, 3, 22, 5)
    assert handed_in_at(course.folder("submitted", ASSIGNMENT, "E1")) is None


@pytest.mark.parametrize("student", REFUSED)
def test_hostile_archives_are_refused_with_a_sentence(course, collected, student):
    assert set(handed_in(course, student)) == {"doble.zip"}
    assert re.search(rf"Left out: .*doble\.zip: it holds a file that {REFUSED[student]}", collected)
    assert not list(course.root.parent.rglob("fuera*"))


def test_grades_and_comments_for_moodle(exported):
    rows, _ = exported
    assert [tuple(row) for row in rows.values()] == [HEADINGS] * (len(PEOPLE) - 1)  # 108 has handed in nothing
    grades = {number: row["Grade"] for number, row in rows.items()}
    right, wrong = dict.fromkeys(("101", "103", "104", "105"), "10.00"), dict.fromkeys(("102", "106", "107"), "0.00")
    assert grades == {**right, **wrong, **dict.fromkeys(("109", "110", "111"), "0.00")}
    assert rows["101"]["Feedback comments"] == "4 de 4 puntos."
    assert rows["102"]["Feedback comments"] == (
        "0 de 4 puntos.<br>Ejercicio 1 · double (0 de 4): =2*2 no es &lt;doble&gt;"
    )
    assert "Mi cuaderno final.ipynb" in rows["104"]["Feedback comments"]
    assert (
        "ningún cuaderno" in rows["106"]["Feedback comments"] and "varios cuadernos" in rows["107"]["Feedback comments"]
    )
    assert {row["Last modified (grade)"] for row in rows.values()} == {"-"}


def test_no_cell_is_a_formula(exported):
    rows, _ = exported
    assert rows["104"]["Full name"] == '\'=HYPERLINK("x")'
    for row in rows.values():
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t")) and cell != "-"]


def test_without_a_worksheet(course, exported, tmp_path):
    shutil.copytree(course.root, tmp_path / "course", ignore=shutil.ignore_patterns("*.csv", "submitted", "extracted"))
    done = command("nbgrader", "zip_collect", ASSIGNMENT, folder=tmp_path / "course")
    assert "participant numbers, which differ" in done.stderr
    assert {path.name for path in (tmp_path / "course" / "submitted").iterdir()} == set(PEOPLE) - {"108"}
    exporter = ("--exporter", "grader.lms.moodle_export.MoodleExport")
    command(
        "nbgrader", "export", *exporter, "--to", "out", "--assignment", f'["{ASSIGNMENT}"]', folder=tmp_path / "course"
    )
    rows = {row["ID number"] or row["Email address"]: row for row in read(tmp_path / "course" / "out" / "doble.csv")}
    assert set(rows) == STUDENTS and rows["A-7"]["Grade"] == "10.00" and rows["G1"]["Grade"] == "0.00"


def test_a_student_who_is_not_in_the_worksheet_is_named(course, exported, tmp_path):
    shutil.copytree(course.root, tmp_path / "course", ignore=shutil.ignore_patterns("submitted", "extracted"))
    path = tmp_path / "course" / "downloaded" / ASSIGNMENT / "Grades-Redes-Doble-4711.csv"
    worksheet(path, people={number: PEOPLE[number] for number in ("101", "102")})
    exporter = ("--exporter", "grader.lms.moodle_export.MoodleExport")
    done = command("nbgrader", "export", *exporter, folder=tmp_path / "course")
    [said] = [line for line in done.stderr.splitlines() if "left out" in line]
    assert "D9, E1" in said and "A-7" not in said
    worksheet(path.with_name("otra.csv"))
    done = command("nbgrader", "export", *exporter, folder=tmp_path / "course", expected=1)
    assert "Leave only the newest worksheet" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no table"),
        (b"Identificador\n\xf1", "no table"),
        (b"\xff\xfe\x00", "no CSV"),
        (b"PK\x03\x04", "a workbook or an archive"),
        (b"a,b\n1,2,3\n", "row 2 does not have the 2 cells"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, content, said):
    (tmp_path / "w.csv").write_bytes(content)
    with pytest.raises(SheetError, match=said):
        Sheet.read(tmp_path / "w.csv")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saturday, 3 January 2026, 11:05 PM", datetime(2026, 1, 3, 22, 5)),
        ("viernes, 14 de agosto de 2026, 00:30", datetime(2026, 8, 13, 22, 30)),
        ("Monday, 1 June 2026, 12:10 AM", datetime(2026, 5, 31, 22, 10)),
        ("Saturday, January 3, 2026, 11:05 PM", datetime(2026, 1, 3, 22, 5)),
        ("dissabte, 3 de gener 2026, 23:05", datetime(2026, 1, 3, 22, 5)),
        ("dilluns, 5 d’octubre 2026, 09:05", datetime(2026, 10, 5, 7, 5)),
        ("sábado, 3 de xaneiro de 2026, 23:05", datetime(2026, 1, 3, 22, 5)),
        ("asteazkena, 2026(e)ko azaroaren 25(e)an, 17:43(e)tan", datetime(2026, 11, 25, 16, 43)),
        ("Samstag, 3. Januar 2026, 23:05", datetime(2026, 1, 3, 22, 5)),
        ("samedi 3 août 2026, 23:05", datetime(2026, 8, 3, 21, 5)),
        ("sábado, 3 de janeiro de 2026 às 23:05", datetime(2026, 1, 3, 22, 5)),
        ("martes, 3 de marzo de 2026, 11:05 p. m.", datetime(2026, 3, 3, 22, 5)),
        ("2026-01-03 23:05", datetime(2026, 1, 3, 22, 5)),
        ("25/11/2026 17:43", datetime(2026, 11, 25, 16, 43)),
        ("32 de enero de 2026, 10:00", None),
        ("-", None),
        ("ayer", None),
    ],
)
def test_times_in_the_languages_of_platforms(text, expected):
    assert moment(text, "Europe/Madrid") == expected


def test_the_order_of_day_and_month_is_that_of_the_whole_file():
    assert months_come_first(["11/02/2026 10:00", "11/25/2026 10:00"]) and not months_come_first(["11/02/2026 10:00"])
    assert moment("11/02/2026 10:00", "UTC", month_first=True) == datetime(2026, 11, 2, 10)
