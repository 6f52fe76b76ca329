"""Files that a real Moodle 4.5 made or took (tests/data/moodle), and what Moodle makes of what we give back."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook

from grader.course import Course, GradingError
from grader.lms.collecting import collect
from grader.lms.moments import moment
from grader.lms.moodle import Moodle, columns
from grader.lms.platforms import student_ids
from grader.lms.upload import Uploads
from grader.office.freshness import work_digest
from grader.office.sheets import Sheet, SheetError

from .course import BIN, ROOT
from .moodle_importer import HIDDEN_USER, Assignment, User, fgetcsv, fputcsv, strtotime

REAL = ROOT / "tests" / "data" / "moodle"
SHEETS = sorted(
    path.relative_to(REAL)
    for path in REAL.rglob("*.csv")
    if not re.search("exported|expected|accident|accepted|bad_maximum|scale|no_worksheet", str(path))
)
CLASS = {"A001", "A002", "A003", "A004", "A005", "A006", "A007", "A008", "A009", "100384123", "sinid@example.org"}
CLASS |= {"A013", "A014", "A015", "A017"}  # who has handed in


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory):
    """A gradebook with nothing in it: nbgrader takes two seconds to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def course(tmp_path, empty_gradebook):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copy(empty_gradebook, tmp_path)
    (tmp_path / "source" / "es" / "wine").mkdir(parents=True)
    return Course(tmp_path)


def handed_in(course, assignment="wine"):
    """Return {student: the names of the files} below submitted/."""
    folders = (course.root / "submitted").glob(f"*/{assignment}")
    return {f.parent.name: {str(p.relative_to(f)) for p in f.rglob("*") if p.is_file()} for f in folders}


def graded(course, grades, assignment="wine", maximum=10.0, comments=None):
    """Enter grades in the gradebook as if notebooks had been graded. grades: {student: points or None, to be given}."""
    with Gradebook(course.coursedir.db_url) as gradebook:
        gradebook.update_or_create_assignment(assignment)
        gradebook.update_or_create_notebook(assignment, assignment)
        gradebook.update_or_create_grade_cell("t", assignment, assignment, max_score=maximum, cell_type="code")
        gradebook.update_or_create_solution_cell("s", assignment, assignment)
        for student, score in grades.items():
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(assignment, student)
            grade = gradebook.find_grade("t", assignment, assignment, student)
            grade.auto_score, grade.needs_manual_grade = score, score is None
        gradebook.db.commit()
    for student, text in (comments or {}).items():
        folder = course.folder("autograded", assignment, student)
        folder.mkdir(parents=True, exist_ok=True)
        nb = nbformat.read(REAL / "02_comment_csv_injection/accident_autograded/A003/wine/wine.ipynb", 4)
        [failed] = [o for cell in nb.cells for o in cell.get("outputs", []) if o.output_type == "error"]
        failed.evalue = text
        for cell in (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")):
            cell.metadata.nbgrader["points"] = maximum  # as in the gradebook here
        nbformat.write(nb, folder / f"{assignment}.ipynb")


def uploaded(course, sheet, assignment="wine", **options):
    """Put a worksheet in its place, make the file for Moodle; return its bytes and the Upload."""
    folder = course.root / "downloaded" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    if sheet is not None:
        shutil.copy(sheet, folder)
    with course.gradebook() as gradebook:
        upload = Uploads(course, gradebook).grades(assignment, **options)
    return upload.path.read_bytes(), upload


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def moodle_of(sheet, language="es", grades=True, maximum=10.0):
    """Return the Assignment of which a worksheet was downloaded. grades: whether it holds those of the worksheet."""
    table, users = Sheet.read(sheet), {}
    at = columns(table)
    for row in table.rows:
        user = User()
        if grades and row[at["modified"]] != "-":
            user.grade = float(row[at["grade"]].replace(",", ".")) if row[at["grade"]] else None
            user.modified = moment(row[at["modified"]], "UTC") + timedelta(seconds=40)  # it shows no seconds
            user.comment = row[at["comment"]]
        users[int(re.search(r"\d+$", row[0])[0])] = user
    return Assignment(users, language, maximum)


@pytest.mark.parametrize(
    ("archive", "sheet"),
    [
        ("teacher-wine-folders.zip", "teacher-wine.csv"),
        ("teacher-wine-folders.zip", "profe-wine.csv"),
        ("same_class_flat.zip", "profe-wine.csv"),
    ],
)
def test_the_default_archive_is_collected_whole(course, archive, sheet):
    report = collect(course, "wine", [REAL / "01_folders_4.1+" / archive, REAL / "01_folders_4.1+" / sheet])
    found = handed_in(course)
    assert set(found) == set(report.students) == CLASS and report.platform == "moodle"
    assert all("timestamp.txt" in files for files in found.values())
    assert found["A001"] == {"wine.ipynb", "timestamp.txt"} and "datos ñ.csv" in str(found["A008"])
    assert found["A009"] == {"wine (1).ipynb", "timestamp.txt"}  # the newer of two
    assert all("newer version" in why for why in report.left_out.values()) and len(report.left_out) == 1
    assert (course.folder("submitted", "wine", "A001") / "timestamp.txt").read_text() == "2026-11-25 16:43:00"


def test_marked_blind_and_without_a_worksheet_students_are_participants(course):
    report = collect(course, "wine", [REAL / "01_folders_4.1+/profe-blind-folders.zip"])
    assert set(report.students) == set(["47", "51", "41", "38", "49", "43", "35", "36", "40", "50", "44", "48", "39"])
    assert "participant numbers, which differ" in report.notes[0]


def test_nbgrader_s_command_does_the_same_and_nothing_collected_is_an_error(course, tmp_path):
    folder = course.root / "downloaded/wine"
    (folder / "archive").mkdir(parents=True)
    shutil.copy(REAL / "01_folders_4.1+/teacher-wine-folders.zip", folder / "archive")
    shutil.copy(REAL / "01_folders_4.1+/teacher-wine.csv", folder)
    for force in ((), ("--force",)):
        done = run("nbgrader", "zip_collect", "wine", *force, folder=course.root)
        assert done.returncode == 0, done.stderr
        assert set(handed_in(course)) == CLASS
    for path in (folder / "archive").iterdir():
        path.unlink()
    with zipfile.ZipFile(folder / "archive" / "x.zip", "w") as archive:
        archive.writestr("Notas del profesor.txt", "nada")
    done = run("nbgrader", "zip_collect", "wine", "--force", folder=course.root)
    assert done.returncode == 1 and "Nothing was collected" in done.stderr and "Notas del profesor" in done.stderr
    done = run("grader", "collect", "wine", folder=course.root)
    assert done.returncode == 1 and "Nothing was collected" in done.stdout and "Notas del profesor" in done.stdout


def run(*line, folder):
    return subprocess.run([BIN / line[0], *line[1:]], cwd=folder, capture_output=True, text=True, timeout=300)


def test_the_exit_status_tells_who_was_left_out(course):
    files = [REAL / "09_draft_reopened/profe-draft-flat.zip", REAL / "09_draft_reopened/profe-draft.csv"]
    done = run("grader", "collect", "wine", *files, folder=course.root)
    assert done.returncode == 3 and "A009 has it as a draft" in done.stdout, done.stdout
    assert set(handed_in(course)) == {"A001"} and "1 students collected" in done.stdout
    done = run("grader", "collect", "wine", "--drafts", folder=course.root)
    assert done.returncode == 0 and set(handed_in(course)) == {"A001", "A009"}


def test_no_message_of_a_student_makes_rows(course):
    """The attack was proved on Moodle 4.5 with `exported_by_product.csv`: a 0 became a 10."""
    case = REAL / "02_comment_csv_injection"
    sheet = case / "profe-doble.csv"
    moodle = moodle_of(sheet)
    before = moodle_of(sheet)
    rows, grades, _ = before.upload((case / "exported_by_product.csv").read_bytes())
    assert rows > 17 and before.users[133].grade == 10 and grades > 3  # the simulator is as bad as Moodle
    forged = 'x\\"\nParticipante130,,,,,10,,,,2030-01-01,k\nParticipante133,,,,,10,,,,2030-01-01,k'
    graded(course, {"A001": 10, "A002": 0, "A003": 0}, "doble", comments={"A003": forged, "A002": "ruta C:\\datos\\"})
    content, upload = uploaded(course, sheet, "doble")
    assert len(fgetcsv(content.decode("utf-8-sig").replace("\r\n", "\n"))) == 1 + len(upload.students) == 4
    assert len(rows_of(content)) == 3
    assert moodle.upload(content) == (3, 3, 2)
    assert {n: user.grade for n, user in moodle.users.items() if user.grade is not None} == {124: 10, 138: 0, 133: 0}
    assert "Participante130" in moodle.users[133].comment and "&#92;" in moodle.users[138].comment
    assert "\\" not in content.decode("utf-8-sig")


def test_what_moodle_accepted_is_accepted_by_the_simulator():
    rows, grades, _ = moodle_of(REAL / "05_spanish_stale_rows/second_round_worksheet.csv").upload(
        (REAL / "05_spanish_stale_rows/accepted_with_iso_dates.csv").read_bytes()
    )
    assert rows == 17 and grades == 15
    stale = moodle_of(REAL / "05_spanish_stale_rows/second_round_worksheet.csv")
    as_downloaded = (REAL / "05_spanish_stale_rows/second_round_worksheet.csv").read_bytes()
    assert stale.upload(as_downloaded.replace(b'"2,48"', b"3.30").replace(b"\\", b""))[1] == 0
    with pytest.raises(ValueError, match="invalid"):  # refused by a Spanish Moodle
        stale.upload((REAL / "11_no_worksheet/exported_participants_refused_by_spanish_moodle.csv").read_bytes())
    assert fgetcsv(fputcsv([["a", 'b"c', "d e"], ["1", "2\n3", ""]])) == [["a", 'b"c', "d e"], ["1", "2\n3", ""]]
    assert strtotime("miércoles, 25 de noviembre de 2026, 17:14") is None


def test_a_name_that_is_too_long_for_the_disk_is_kept_and_the_class_collected(course):
    report = collect(
        course, "wine", [REAL / "03_long_name/real_moodle45_flat.zip", REAL / "01_folders_4.1+/profe-wine.csv"]
    )
    assert set(report.students) == CLASS
    [long] = [name for name in handed_in(course)["A008"] if "ñandú" in name]
    assert long.startswith("práctica final") and len(long.encode()) < 256
    for number, archive in enumerate(("one_long_name_flat.zip", "one_long_name_folders_3.9.zip")):
        report = collect(course, f"corto{number}", [REAL / "03_long_name" / archive])
        assert report.students == ["1", "2"]


def test_a_member_that_is_too_large_is_left_out_alone(course):
    report = collect(course, "wine", [REAL / "04_big_member/one_student_101MB.zip"])
    assert report.students == ["1"]
    assert "more than 100 MB" in report.left_out["one_student_101MB.zip: Beto Prueba_2_assignsubmission_file_datos.bin"]


@pytest.mark.parametrize("path", SHEETS, ids=str)
def test_worksheets_in_any_language_and_as_excel_leaves_them(path):
    sheet = Sheet.read(REAL / path)
    assert Moodle().owns(sheet)
    at = columns(sheet)
    assert {"grade", "maximum", "email", "id_number", "handed_in", "modified", "comment"} <= set(at), at
    people = Moodle().people(sheet, "Europe/Madrid")
    known = [p for p in people if p.row[at["handed_in"]] != "-"]
    assert known and not any(person.unread for person in people)
    assert {person.handed_in.date() for person in known} == {datetime(2026, 11, 25).date()}
    assert known[0].handed_in == datetime(2026, 11, 25, 16, 43)
    assert len({person.student for person in people}) == len(people)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_second_round_is_taken_without_the_override(course, language):
    folder = REAL / "05_spanish_stale_rows"
    sheet = folder / "second_round_worksheet.csv" if language == "es" else REAL / "01_folders_4.1+/teacher-wine.csv"
    moodle = moodle_of(sheet, language)
    graded(course, dict.fromkeys(CLASS, 3.3))
    content, upload = uploaded(course, sheet)
    assert len(upload.students) == len(CLASS) == moodle.upload(content)[1]
    if language == "es":
        accepted = {row["Identificador"]: row for row in rows_of((folder / "accepted_with_iso_dates.csv").read_bytes())}
        ours = {row["Identificador"]: row for row in rows_of(content)}
        changed = "Última modificación (calificación)"
        assert ours.keys() == {name for name, row in accepted.items() if row["Calificación"]}
        # the worksheet's own times; Moodle's real answer to such a file was that all were updated
        assert {row[changed] for row in ours.values()} <= {row[changed] for row in accepted.values()} | {
            "2026-11-25 17:12",
            "2026-11-25 17:13",
        }
        assert all(re.fullmatch(r"2026-11-25 17:\d\d", row[changed]) for row in ours.values())


def test_a_student_whom_the_teacher_has_only_opened_gets_a_grade(course):
    sheet = REAL / "05_spanish_stale_rows/ana_only_looked_at.csv"
    moodle = moodle_of(sheet, maximum=100.0)
    graded(course, {"A001": 7, "A002": 8})
    content, _ = uploaded(course, sheet)
    assert moodle.upload(content)[1] == 2 and moodle.users[31].grade == 70


def test_no_grade_is_over_the_maximum(course):
    graded(course, {"A001": 12, "A002": 8})
    content, upload = uploaded(course, REAL / "01_folders_4.1+/profe-wine.csv")
    assert {row["Número de ID"]: row["Calificación"] for row in rows_of(content)} == {"A001": "10.00", "A002": "8.00"}
    assert "extra credit over the maximum" in upload.remarks[0] and "A001" in upload.remarks[0]


def test_only_who_gets_a_new_grade_has_a_row(course):
    sheet = REAL / "06_kept_comment_changed/worksheet.csv"
    graded(course, {"A001": 3.3, "A002": 5, "A004": 6})
    content, _ = uploaded(course, sheet)
    assert {row["Número de ID"] for row in rows_of(content)} == {"A001", "A002", "A004"}  # A001 has no comment yet
    moodle = moodle_of(sheet)
    moodle.users[17].comment = "<p>-2 por <b>no</b> entregar</p>"
    moodle.upload(content)
    assert moodle.users[17].comment == "<p>-2 por <b>no</b> entregar</p>" and moodle.users[17].grade == 3.5
    again, _ = uploaded(course, REAL / "05_spanish_stale_rows/second_round_worksheet.csv")
    assert len(rows_of(again)) == 3


def test_no_older_file_is_left_to_be_uploaded(course):
    sheet = REAL / "06_kept_comment_changed/worksheet.csv"
    graded(course, {"A001": 3.3})
    uploaded(course, sheet)
    path = course.root / "moodle" / "wine.csv"
    assert path.is_file()
    with course.gradebook() as gradebook:
        for student in [student.id for student in gradebook.students]:
            gradebook.remove_student(student)
        with pytest.raises(SheetError, match=r"older .*wine\.csv has been removed"):
            Uploads(course, gradebook).grades("wine")
    assert not path.exists()


@pytest.mark.parametrize("archive", ["profe-group-flat.zip", "profe-group-folders.zip"])
def test_a_group_s_work_is_each_member_s(course, archive):
    report = collect(course, "wine", [REAL / "07_group" / archive, REAL / "07_group/profe-group.csv"])
    default = {row[3] for row in Sheet.read(REAL / "07_group/profe-group.csv").rows if row[5] == "Grupo predeterminado"}
    default = default - {""} | {"sinid@example.org"}
    members = {"A004", "A005"} | default | ({"A001", "A002"} if "flat" in archive else set())
    assert set(report.students) == members
    if "folders" in archive:  # downloaded before the group got another name
        assert "Grupo A" in str(report.left_out) and "no group" in str(report.left_out)
    graded(course, dict.fromkeys(report.students, 5))
    content, _ = uploaded(course, REAL / "07_group/profe-group.csv")
    assert len(rows_of(content)) == len(members)


def test_a_group_s_file_passes_for_nobody_s(course):
    archive = REAL / "07_group/default_group_passes_for_113.zip"
    report = collect(course, "wine", [archive, REAL / "07_group/profe-group.csv"])
    assert "A001" not in report.students and len(report.students) == 13  # participant 113 is A001
    for path in (course.root / "downloaded/wine").glob("*.csv"):
        path.unlink()
    with pytest.raises(GradingError, match="it is a group's"):
        collect(course, "wine", [archive])


def test_a_scale_and_a_maximum_that_is_none_are_refused_with_a_sentence(course):
    graded(course, {"A001": 10})
    for path in ("08_scale/profe-scale.csv", "16_bad_maximum/w.csv"):
        with pytest.raises(SheetError, match="Is it a scale"):
            uploaded(course, REAL / path)


def test_the_grade_of_an_attempt_is_not_put_on_the_next_one(course):
    graded(course, {"A016": 9, "A001": 8})
    content, upload = uploaded(course, REAL / "09_draft_reopened/profe-draft.csv")
    assert [row["Número de ID"] for row in rows_of(content)] == ["A001"]
    assert upload.left_out and "A016" in str(upload.remarks) and "reopened" in str(upload.remarks)


def test_an_id_number_of_several_is_nobody_s(course):
    report = collect(course, "wine", [REAL / "10_same_id_number/s.zip", REAL / "10_same_id_number/w.csv"])
    assert report.students == ["ana@example.org", "beto@example.org", "carla@example.org"]
    assert len({(course.folder("submitted", "wine", s) / "wine.ipynb").read_text() for s in report.students}) == 3
    assert student_ids([["x", "a@b.c", "1"], ["X", "A@b.c", "2"], ["../..", "-", "3"], ["", "", "4"]]) == [
        "1",
        "2",
        "3",
        "4",
    ]


def test_without_a_worksheet_nothing_is_made_up_and_one_that_comes_later_is_used(course):
    collect(course, "wine", [REAL / "01_folders_4.1+/teacher-wine-folders.zip"])
    graded(course, dict.fromkeys(handed_in(course), 5))
    with pytest.raises(SheetError, match="only Moodle's participant numbers"):
        uploaded(course, None)
    content, upload = uploaded(course, REAL / "01_folders_4.1+/profe-wine.csv")
    assert (
        len(rows_of(content)) == len(CLASS)
        and moodle_of(REAL / "01_folders_4.1+/profe-wine.csv").upload(content)[1] == 15
    )
    graded(course, {"A001": 5, "100384123": 6, "eva@example.org": 7})
    content, upload = uploaded(course, None)
    assert {row["ID number"] for row in rows_of(content)} == {"A001", "100384123", ""} and upload.left_out
    assert "Identifier" not in rows_of(content)[0]  # no participant is made of an ID number


def test_a_worksheet_that_fits_nobody_is_refused(course):
    files = [REAL / "01_folders_4.1+/teacher-wine-folders.zip", REAL / "02_comment_csv_injection/profe-doble.csv"]
    with pytest.raises(GradingError, match="is not in the platform's CSV file"):
        collect(course, "wine", files)
    collect(course, "wine", [files[0], REAL / "01_folders_4.1+/profe-wine.csv"])
    graded(course, dict.fromkeys(CLASS, 5))
    with pytest.raises(SheetError, match="belongs to another assignment"):
        uploaded(course, files[1])


def test_feedback_goes_back_in_one_archive(course):
    files = [REAL / "01_folders_4.1+/teacher-wine-folders.zip", REAL / "01_folders_4.1+/profe-wine.csv"]
    collect(course, "wine", files)
    graded(course, dict.fromkeys(CLASS, 5))
    for student in ("A001", "A002"):
        page = course.folder("feedback", "wine", student) / "wine.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<p>{student}</p>")
    done = run("grader", "moodle", "feedback", "wine", folder=course.root)
    assert done.returncode == 3 and "2 pages" in done.stdout and "A003" in done.stdout
    real = zipfile.ZipFile(REAL / "14_feedback_zip/accepted_by_moodle45.zip")
    ours = zipfile.ZipFile(course.root / "moodle/wine-feedback.zip")
    assert sorted(ours.namelist()) == sorted(real.namelist())  # participants 14 and 10 are these two
    assert ours.read("Participante_14_assignfeedback_file_/wine.html") == b"<p>A001</p>"


def test_three_hundred_are_taken_twice_in_a_row(course, tmp_path):
    first = ["Ana", "Íñigo", "José", "Zoë", "Mª", "Begoña", "Núria", "Iñaki", "Uxía", "Àngels"]
    last = ["Núñez Ibáñez", "O'Brien", "de la O", "García, hijo", "Etxebarría Ünal", "Del_Río", "Barra\\ Inversa\\"]
    people = {n: f"{first[n % len(first)]} {last[n % len(last)]}" for n in range(1, 301)}
    words = Sheet.read(REAL / "01_folders_4.1+/profe-wine.csv").headings
    moodle = Assignment({n: User() for n in people})

    def download(path):
        """As Moodle writes the worksheet: in Spanish, by fputcsv."""
        rows = [words]
        for n, name in people.items():
            user = moodle.users[n]
            when = f"miércoles, 25 de noviembre de 2026, {user.modified:%H:%M}" if user.modified else "-"
            grade = "" if user.grade is None else f"{user.grade:.2f}".replace(".", ",")
            status = "Enviado para calificar - " + ("Calificado - " if user.modified else " - ")
            handed = f"martes, 24 de noviembre de 2026, {n % 24:02}:{n % 60:02}"
            comment = re.sub("<[^>]*>", "", user.comment)
            row = [
                f"{HIDDEN_USER['es']}{n}",
                name,
                f"u{n}@example.org",
                f"{n:08}",
                status,
                grade,
                "10,00",
                "Sí",
                handed,
            ]
            rows.append([*row, when, comment])
        path.write_text("\ufeff" + fputcsv(rows), "utf-8")

    download(tmp_path / "w.csv")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for n, name in people.items():
            clean = re.sub(r"[_\\',]", lambda found: " " if found[0] == "_" else "", name)
            archive.writestr(f"{clean}_{n}_assignsubmission_file/wine.ipynb", f"{n}")
    report = collect(course, "wine", [tmp_path / "all.zip", tmp_path / "w.csv"])
    assert len(report.students) == 300 and not report.left_out and not report.notes
    for n in people:
        assert (course.folder("submitted", "wine", f"{n:08}") / "wine.ipynb").read_text() == str(n)
    for round_ in (1, 2):
        points = {f"{n:08}": (n * 7 + round_) % 101 / 10 for n in people}
        graded(course, points, comments={f"{n:08}": f'ruta C:\\{n}\\ "x"\nfin' for n in range(1, 300, 30)})
        download(tmp_path / "w.csv")
        content, upload = uploaded(course, tmp_path / "w.csv")
        assert len(upload.students) == 300 and not upload.left_out
        moodle.now = datetime(2026, 11, 25, 18 + round_, 30)
        rows, updated, _ = moodle.upload(content)
        assert rows == updated == 300
        wrong = {
            n: (moodle.users[n].grade, points[f"{n:08}"]) for n in people if moodle.users[n].grade != points[f"{n:08}"]
        }
        assert not wrong
    download(tmp_path / "w.csv")
    content, upload = uploaded(course, tmp_path / "w.csv")
    assert len(upload.students) <= 300 - 10 and moodle.upload(content)[1] == 0


def worksheet(path, people, *, extra=(), text=None, dates=None, group=None):
    """Write a worksheet as Moodle does. people: {number: (name, e-mail, ID number)}; extra: (heading, cell) of identity
    columns; text: {number: typed text}; dates: {number: when handed in}; group: {number: name}."""
    words = Sheet.read(REAL / "01_folders_4.1+/profe-wine.csv").headings
    head = [*words[:4], *(heading for heading, _ in extra), words[4], *(["Grupo"] if group else []), *words[5:9]]
    rows = [[*head, *(["Texto en línea"] if text else []), *words[9:]]]
    for n, (name, email, number) in people.items():
        when = (dates or {}).get(n, "miércoles, 25 de noviembre de 2026, 17:43")
        row = [f"Participante{n}", name, email, number, *(cell for _, cell in extra), "Enviado para calificar -  - "]
        row += [*([group[n]] if group else []), "", "10,00", "Sí", when, *([text.get(n, "")] if text else []), "-", ""]
        rows.append(row)
    path.write_text("\ufeff" + fputcsv(rows), "utf-8")
    return path


def archive(path, names):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in names.items():
            file.writestr(name, content)
    return path


PEOPLE = {n: (f"Ana {n}", f"a{n}@x.org", f"A00{n}") for n in (1, 2, 3)}
FILES = {f"Ana {n}_{n}_assignsubmission_file/wine.ipynb": str(n) for n in PEOPLE}


def test_who_was_collected_by_number_is_not_taken_for_an_id(course, tmp_path):
    collect(course, "wine", [archive(tmp_path / "s.zip", FILES)])
    graded(course, {"1": 1, "2": 2, "3": 3})
    ids = {1: ("Ana 1", "", "3"), 2: ("Ana 2", "", "1"), 3: ("Ana 3", "", "2")}
    content, _ = uploaded(course, worksheet(tmp_path / "w.csv", ids))
    assert [row["Calificación"] for row in rows_of(content)] == ["1.00", "2.00", "3.00"]


def test_what_a_student_types_makes_no_rows_of_the_worksheet(course, tmp_path):
    forged = "Participante3,N,A9,.,Enviado - ,,10,Sí,-,y"
    forged = f'x\\",-,\n{forged},2030-01-01 10:00,\n{forged}'
    people = {**PEOPLE, 1: ("Ana\\", "a1@x.org", "A001")}  # a name that ends so, too
    sheet = worksheet(tmp_path / "w.csv", people, text={2: forged, 3: 'dije "sí"\\'})
    assert [row[0] for row in Sheet.read(sheet).rows] == ["Participante1", "Participante2", "Participante3"]
    report = collect(course, "wine", [archive(tmp_path / "s.zip", FILES), sheet])
    assert report.students == ["A001", "A002", "A003"]
    graded(course, {"A001": 1, "A002": 2, "A003": 3})
    content, _ = uploaded(course, sheet)
    moodle = Assignment({n: User() for n in people})
    assert moodle.upload(content)[:2] == (3, 3) and [user.grade for user in moodle.users.values()] == [1, 2, 3]
    twice = sheet.read_text("utf-8-sig") + sheet.read_text("utf-8-sig").splitlines()[1] + "\n"
    (tmp_path / "twice.csv").write_text(twice)
    with pytest.raises(GradingError, match="more than once"):
        collect(course, "wine", [tmp_path / "twice.csv"])
    assert [path.name for path in (course.root / "downloaded/wine").glob("*.csv")] == ["w.csv"]  # the good one is back


def test_groups_of_similar_names_are_told_apart(course, tmp_path):
    names = {f"Grupo A{end}_{n}_assignsubmission_file/wine.ipynb": f"{n}" for n, end in ((7, ""), (8, "+"))}
    s = archive(tmp_path / "s.zip", names)
    collect(
        course, "wine", [s, worksheet(tmp_path / "w.csv", PEOPLE, group={1: "Grupo A", 2: "Grupo A+", 3: "Grupo A"})]
    )
    texts = [(course.folder("submitted", "wine", f"A00{n}") / "wine.ipynb").read_text() for n in (1, 2, 3)]
    assert texts == ["7", "8", "7"]
    people = {n: PEOPLE[n] for n in (1, 3)}
    report = collect(course, "wine", [worksheet(tmp_path / "w.csv", people, group={1: "Grupo A", 3: "Grupo A"})])
    assert report.students == ["A001", "A003"] and "Grupo A+" in str(report.left_out)


def test_nobody_gets_anothers_name_for_want_of_an_own(course, tmp_path):
    people = {5: ("Ana", "", "6"), 6: ("Eva", "", ""), 7: ("Leo", "", "")}
    names = {f"X_{n}_assignsubmission_file/wine.ipynb": str(n) for n in people}
    report = collect(course, "wine", [archive(tmp_path / "s.zip", names), worksheet(tmp_path / "w.csv", people)])
    assert report.students == ["6", "7", "participant-6"]
    assert (course.folder("submitted", "wine", "6") / "wine.ipynb").read_text() == "5"


def test_a_dash_in_who_it_is_does_not_hide_the_status(tmp_path):
    sheet = Sheet.read(worksheet(tmp_path / "w.csv", PEOPLE, extra=[("Departamento", "ETSI - Informática")]))
    sheet.headings[5] = "Zustand"
    assert columns(sheet)["status"] == 5 and columns(sheet)["id_number"] == 3


def test_collected_again_with_a_worksheet_the_class_is_there_once(course, tmp_path):
    s, w = archive(tmp_path / "s.zip", FILES), worksheet(tmp_path / "w.csv", PEOPLE)
    collect(course, "wine", [s])
    graded(course, {"1": 1, "2": 2, "3": 3})
    report = collect(course, "wine", [w])
    assert set(handed_in(course)) == {"A001", "A002", "A003"} and "1 is A001 now" in str(report.notes)
    content, upload = uploaded(course, w)
    assert [row["Calificación"] for row in rows_of(content)] == ["1.00", "2.00", "3.00"] and not upload.left_out
    graded(course, {"A001": 9})
    content, upload = uploaded(course, w)
    assert [row["Calificación"] for row in rows_of(content)] == ["9.00", "2.00", "3.00"] and not upload.left_out


def test_nothing_in_downloaded_is_lost(course, tmp_path):
    for n in (1, 2):
        (tmp_path / str(n)).mkdir()
        name = f"Ana {n}_{n}_assignsubmission_file/wine.ipynb"
        report = collect(course, "wine", [archive(tmp_path / str(n) / "s.zip", {name: str(n)})])
    assert report.students == ["1", "2"]
    for n in (1, 2, 3):
        people = {k: (name, f"round{n}@x.org", f"{number}{n}") for k, (name, _, number) in PEOPLE.items()}
        report = collect(course, "wine", [worksheet(tmp_path / "w.csv", people)])
    older = sorted((course.root / "downloaded/wine/older").iterdir())
    assert len(older) == 2 and report.students == ["A0013", "A0023"]
    report = collect(course, "wine", [course.root / "downloaded/wine/older/w.csv"])
    assert report.students == ["A0011", "A0021"]
    assert len(list((course.root / "downloaded/wine").rglob("*.csv"))) >= 3


def test_a_folder_or_a_single_student_is_taken_as_it_is(course, tmp_path):
    (tmp_path / "usb" / "S1" / "work").mkdir(parents=True)
    (tmp_path / "usb" / "S1" / "work" / "wine.ipynb").write_text("1")
    assert collect(course, "wine", [tmp_path / "usb"]).students == ["S1"]


def test_dates_with_am_and_pm_begin_with_the_month(course, tmp_path):
    dates = {1: "12/3/2026 5:43 PM", 2: "12/4/2026 5:43 PM", 3: "-"}
    sheet = Sheet.read(worksheet(tmp_path / "w.csv", PEOPLE, dates=dates))
    assert [p.handed_in and p.handed_in.month for p in Moodle().people(sheet, "UTC")] == [12, 12, None]


@pytest.mark.parametrize(
    "typed", ['print("\\"")', 'x = "\\""', 's.replace("\\"", "_")', 'a\\""b', "C:\\", '\\",\n' * 40]
)
def test_no_honest_text_makes_a_worksheet_unreadable(tmp_path, typed):
    people = {n: (f"Ana {n}\\", f"a{n}@x.org", f"A{n:03}") for n in range(1, 301)}  # and all names end so
    path = worksheet(tmp_path / "w.csv", people, text=dict.fromkeys(people, typed))
    rows = Sheet.read(path).rows
    assert [row[3] for row in rows] == [number for *_, number in people.values()]
    assert {row[1] for row in rows} == {name for name, *_ in people.values()} and {row[9] for row in rows} == {
        typed.strip()
    }


def test_work_that_was_graded_under_a_name_that_is_anothers_now_gives_nobody_a_grade(course, tmp_path):
    s = archive(tmp_path / "s.zip", FILES)
    collect(course, "wine", [s])
    graded(course, {"1": 1, "2": 2, "3": 3})
    for n in (1, 2, 3):
        folder = course.folder("autograded", "wine", str(n))
        folder.mkdir(parents=True)
        nb = nbformat.v4.new_notebook(
            metadata={"grader": {"work": work_digest(course.folder("submitted", "wine", str(n)))}}
        )
        nbformat.write(nb, folder / "wine.ipynb")
    w = worksheet(tmp_path / "w.csv", {1: ("Ana 1", "", "2"), 2: ("Ana 2", "", "3"), 3: ("Ana 3", "", "1")})
    collect(course, "wine", [w])
    with pytest.raises(SheetError, match="other work than was graded lies in submitted/: 1, 2, 3"):
        uploaded(course, w)


def test_groups_that_are_one_in_the_archive_are_refused(course, tmp_path):
    s = archive(tmp_path / "s.zip", {"Grupo 1_55_assignsubmission_file/wine.ipynb": "1"})
    w = worksheet(tmp_path / "w.csv", PEOPLE, group={1: "Grupo_1", 2: "Grupo 1", 3: "X"})
    with pytest.raises(GradingError, match="several groups are called Grupo 1"):
        collect(course, "wine", [s, w])


def test_what_was_collected_in_batches_is_remembered(course, tmp_path):
    for n in (1, 2):
        name = f"Ana {n}_{n}_assignsubmission_file/wine.ipynb"
        collect(course, "wine", [archive(tmp_path / f"s{n}.zip", {name: str(n)})])
        shutil.rmtree(course.root / "downloaded/wine/archive")
    graded(course, {"1": 1, "2": 2})
    with pytest.raises(SheetError, match="2 students only Moodle's participant numbers"):
        uploaded(course, None)


def test_a_missing_file_or_the_course_itself_changes_nothing(course, tmp_path):
    collect(course, "wine", [archive(tmp_path / "s.zip", FILES), worksheet(tmp_path / "w.csv", PEOPLE)])
    with pytest.raises(GradingError, match="does not exist"):
        collect(course, "wine", [worksheet(tmp_path / "v.csv", PEOPLE), tmp_path / "missing.zip"])
    with pytest.raises(GradingError, match="around this course's own"):
        collect(course, "wine", [course.root])
    assert [path.name for path in (course.root / "downloaded/wine").glob("*.csv")] == ["w.csv"]
    assert [path.name for path in (course.root / "downloaded/wine/archive").iterdir()] == ["s.zip"]
