"""Canvas, Blackboard, ILIAS and plain folders: whose file is whose, and grades in the platform's own file.

No file of theirs could be had; names and columns are made here by the rules of Canvas's source (lib/content_zipper.rb,
lib/gradebook_exporter.rb, lib/gradebook_importer.rb), of ILIAS's (getDirectoryNameFromUserData), and of what users of
Blackboard write of its names (kwurst/bb-file-cleanup).
"""

import csv
import io
import os
import re
import zipfile
from pathlib import PurePath

import pytest

from grader.course import GradingError
from grader.lms.canvas import Canvas
from grader.lms.collecting import PLATFORMS, collect, platform_of
from grader.lms.upload import Uploads
from grader.office.sheets import Sheet, SheetError, number, safe

from .test_moodle_real import course, empty_gradebook, graded, handed_in  # noqa: F401

PEOPLE = {  # Canvas's user id: (sortable name, SIS id, login)
    101: ("Núñez Ibáñez, Ana María", "A001", "ana@example.org"),
    102: ("O'Brien, Seán", "A002", "sean@example.org"),
    103: ("李, 小龍", "A003", "long@example.org"),
    104: ("LATE, Maria_12_", "A004", "maria@example.org"),
    105: ("García, hijo", "", "jose@example.org"),
    106: ("=HYPERLINK(1)", "A006", "f@example.org"),
}


def canvas_name(user, file, own, *, late=False, anonymous=None):
    """Return the name of a file in Canvas's archive, as ContentZipper's get_filename and sanitize functions make it."""
    name = re.sub(r"_(\d+)_", r"\1", PEOPLE[user][0]).lower()
    parts = [None if anonymous else name, "LATE" if late else None, f"anon_{anonymous}" if anonymous else user]
    prefix = re.sub(r"\W", "", "_".join(str(part) for part in parts if part is not None))
    return f"{prefix}_{file}_" + re.sub(r'[\x00/\\:*?"<>|]+', "_", own)


def canvas_gradebook(path, grades, delimiter=",", comma=False, hidden=True):
    """Write a gradebook as GradebookExporter does. grades: {user id: text in the column `wine (123)`}."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "neuron (122)", "wine (123)", "Final Score"]
    rows = [head, ["", "", "", "", "", "", "Manual Posting", ""]] if hidden else [head]
    rows.append(["    Points Possible", "", "", "", "", "10,00" if comma else "10.00", "20,00" if comma else "20.00"])
    rows[-1].append("(read only)")
    for user, (name, sis, login) in PEOPLE.items():
        rows.append([name, str(user), sis, login, "Grupo A and Grupo B", "7.00", grades.get(user, ""), "70.00"])
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def canvas_import(content):
    """Return ({user id: grade}, points possible) that GradebookImporter takes of a file; raises where it refuses
    one."""
    rows = [
        row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if not re.fullmatch("[;, ]*", ",".join(row))
    ]
    head, *rest = rows
    if not (len(head) > 3 and "Student" in head[0] and "ID" in head[1]):
        raise ValueError("Invalid header row")
    at = 4 if head[2:4] == ["SIS User ID", "SIS Login ID"] else 2
    if "Section" not in head[at]:
        raise ValueError("Invalid header row")
    assert head[at + 1 :] == ["wine (123)"], "other assignments would be made anew, or changed"
    points, taken = None, {}
    for row in rest:
        if "Points Possible" in row[0]:
            points = row[at + 1]
        elif all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row if cell):
            continue
        else:
            assert int(row[1]) in PEOPLE, "a student would be made anew"
            taken[int(row[1])] = float(row[at + 1])
    return taken, points


def zipped(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return path


def test_every_name_of_canvas_finds_its_user():
    for user in PEOPLE:
        for late in (False, True):
            for own in ("wine.ipynb", "wine-1.ipynb", "mi_12_34_wine.ipynb", "LATE_9_9_x.ipynb"):
                found = Canvas().parse(PurePath(canvas_name(user, 4567, own, late=late)))
                assert (found.key, str(found.file), found.late) == (str(user), own, late), (user, late, own)
                found = Canvas().parse(PurePath(canvas_name(user, 4567, own, late=late, anonymous="aB3x9")))
                assert (found.key, str(found.file), found.late) == ("anon_aB3x9", own, late)
    for name in ("núñezana_101_text.html", "núñezana_101_link.html", "notas.txt", "wine.ipynb"):
        assert Canvas().parse(PurePath(name)) is None


@pytest.mark.parametrize(("delimiter", "comma"), [(",", False), (";", True)])
def test_canvas_there_and_back(course, tmp_path, delimiter, comma):  # noqa: F811
    names = {canvas_name(user, 900 + user, "wine.ipynb", late=user == 102): str(user) for user in PEOPLE}
    names["o'brienseán_102_text.html"] = "<p>hola</p>"
    canvas_gradebook(tmp_path / "g.csv", {104: "EX", 105: "9.00"}, delimiter, comma)
    report = collect(course, "wine", [zipped(tmp_path / "submissions.zip", names), tmp_path / "g.csv"])
    assert report.platform == "canvas" and not report.left_out and "1 texts" in report.notes[0]
    students = {"A001": 101, "A002": 102, "A003": 103, "A004": 104, "jose@example.org": 105, "A006": 106}
    assert set(handed_in(course)) == set(report.students) == set(students)
    for student, user in students.items():
        assert (course.folder("submitted", "wine", student) / "wine.ipynb").read_text() == str(user)
    assert "A002 handed in late" in str(report.notes)
    graded(course, {student: 4.5 for student in students})
    with course.gradebook() as gradebook:
        upload = Uploads(course, gradebook).grades("wine")
    taken, points = canvas_import(upload.path.read_bytes())
    assert upload.path == course.root / "canvas" / "wine.csv" and number(points) == 20
    assert taken == {101: 9, 102: 9, 103: 9, 106: 9}  # 104 is excused, and 105 has that grade there already
    assert upload.left_out and "excused in Canvas, or not assigned there: A004" in str(upload.remarks)


def test_canvas_without_a_gradebook_and_a_column_of_another_name(course, tmp_path):  # noqa: F811
    names = {canvas_name(user, 900 + user, "neuron.ipynb"): str(user) for user in PEOPLE}
    report = collect(course, "neurona", [zipped(tmp_path / "submissions.zip", names)])
    assert set(report.students) == {str(user) for user in PEOPLE}  # Canvas's own numbers, the same in all assignments
    graded(course, dict.fromkeys(report.students, 5), "neurona")
    canvas_gradebook(tmp_path / "g.csv", {})
    (course.root / "downloaded/neurona/g.csv").write_bytes((tmp_path / "g.csv").read_bytes())
    with course.gradebook() as gradebook:
        uploads = Uploads(course, gradebook)
        with pytest.raises(SheetError, match=r'no column is called neurona.*"neuron \(122\)", "wine \(123\)"'):
            uploads.grades("neurona")
        content = uploads.grades("neurona", column="wine (123)").path.read_bytes()
    assert canvas_import(content)[0] == dict.fromkeys(PEOPLE, 10)


def test_blackboard(course, tmp_path):  # noqa: F811
    names = {
        "Wine_ana7_attempt_2026-11-25-17-43-00_wine.ipynb": "1",
        "Wine_ana7_attempt_2026-11-25-17-43-00.txt": "Name: Ana (ana7)",
        "Wine_b_o_attempt_2026-11-25-18-00-00_my_attempt_1.ipynb": "2",
    }
    sheet = tmp_path / "gc.csv"
    sheet.write_text(
        '"Last Name","First Name","Username","Student ID","Availability","wine [Total Pts: 20 Score] |987","Total '
        '[Total Pts: up to 30 Score] |1"\n'
        '"Núñez","Ana","ana7","A001","Yes","",""\n"O","B","o","A002","Yes","5",""\n',
        "utf-16",
    )
    report = collect(course, "wine", [zipped(tmp_path / "all.zip", names), sheet])
    assert report.platform == "blackboard" and report.students == ["A001", "A002"]
    assert (course.folder("submitted", "wine", "A001") / "timestamp.txt").read_text() == "2026-11-25 16:43:00"
    graded(course, {"A001": 7, "A002": 2.5})
    with course.gradebook() as gradebook:
        upload = Uploads(course, gradebook).grades("wine")
    [row] = list(csv.DictReader(io.StringIO(upload.path.read_bytes().decode("utf-8-sig"))))
    assert row["Username"] == "ana7" and row["wine [Total Pts: 20 Score] |987"] == "14.00"
    assert not [heading for heading in row if heading.startswith("Total")]


def test_ilias(course, tmp_path):  # noqa: F811
    names = {"Wine/Nunez_Ana_ana7_314/wine.ipynb": "1", "Wine/de_la_O_Eva_eva_315/sub/wine.ipynb": "2"}
    report = collect(course, "wine", [zipped(tmp_path / "all.zip", names)])
    assert report.platform == "ilias" and report.students == ["ana7", "eva"]


def test_plain_folders_and_clones_of_github_classroom(course, tmp_path):  # noqa: F811
    names = {"entregas/ana/wine.ipynb": "1", "entregas/luis y eva/wine.ipynb": "2", "entregas/ana/.git/config": "x"}
    report = collect(course, "wine", [zipped(tmp_path / "usb.zip", names)])
    assert report.students == ["ana"] and "luis y eva/wine.ipynb" in report.left_out
    roster = "identifier,github_username,github_id,name\nA001,anaperez,1,Ana\nA002,bea-2,2,Bea\nA003,,,Carla\n"
    (tmp_path / "classroom_roster.csv").write_text(roster)
    names = {
        "x/neuron-anaperez/neuron.ipynb": "1",
        "x/neuron-bea-2/neuron.ipynb": "2",
        "x/neuron-carla9/neuron.ipynb": "3",
    }
    report = collect(course, "neuron", [zipped(tmp_path / "clones.zip", names), tmp_path / "classroom_roster.csv"])
    assert report.platform == "folders" and report.students == ["A001", "A002"]
    assert "carla9 is not in the platform's CSV file" in str(report.left_out)


def test_a_name_that_passes_for_another_s_is_refused(course, tmp_path):  # noqa: F811
    names = {
        canvas_name(101, 900, "wine.ipynb"): "101",
        "a_101_7_wine_102_55_1.ipynb": "forged",  # of somebody called "A_ 101_ 7_wine"
        canvas_name(103, 903, "mi_12_34_wine.ipynb"): "103",
    }
    s = zipped(tmp_path / "s.zip", names)
    report = collect(course, "wine", [s])
    assert report.students == ["101"] and len(report.left_out) == 2 and "several ways" in str(report.left_out)
    canvas_gradebook(tmp_path / "g.csv", {})
    report = collect(course, "wine", [tmp_path / "g.csv"])
    assert report.students == ["A001", "A003"] and "A001 or A002" in str(report.left_out)
    assert (course.folder("submitted", "wine", "A001") / "wine.ipynb").read_text() == "101"


def test_logins_with_a_dash_are_not_mixed_up(course, tmp_path):  # noqa: F811
    attempt = "Wine_{}_attempt_2026-11-25-17-43-00_{}"
    names = {attempt.format(login, "wine.ipynb"): login for login in ("ana_perez", "luis_perez", "victim")}
    names[attempt.format("zoe", "x_victim_attempt_2030-01-01-10-00-00_wine.ipynb")] = "zoe"
    s = zipped(tmp_path / "s.zip", names)
    report = collect(course, "wine", [s])
    assert report.students == ["victim", "zoe"] and "several ways" in str(report.left_out)
    assert (course.folder("submitted", "wine", "victim") / "wine.ipynb").read_text() == "victim"
    rows = "".join(f'"x","y","{login}",""\n' for login in ("ana_perez", "luis_perez", "perez", "victim", "zoe"))
    (tmp_path / "g.csv").write_text(f'"Last Name","First Name","Username","wine [Total Pts: 20 Score] |9"\n{rows}')
    report = collect(course, "wine", [tmp_path / "g.csv"])
    assert report.students == ["ana_perez", "luis_perez", "victim", "zoe"]
    again = {attempt.format("zoe", "wine.ipynb").replace("25-17", "26-09"): "newer"}
    report = collect(course, "wine", [zipped(tmp_path / "later.zip", again)])
    assert "newer" in [path.read_text() for path in course.folder("submitted", "wine", "zoe").iterdir()]


def test_a_roster_names_folders_that_look_like_another_s(course, tmp_path):  # noqa: F811
    names = {"x/Perez_Ana_10038/wine.ipynb": "1", "x/Ruiz_Ana_10039/wine.ipynb": "2"}
    with pytest.raises(GradingError, match="several ways"):
        collect(course, "wine", [zipped(tmp_path / "s.zip", names)])
    (tmp_path / "roster.csv").write_text("id,name,wine\nPerez_Ana_10038,Ana,\nRuiz_Ana_10039,Ana,\n")
    assert collect(course, "wine", [tmp_path / "roster.csv"]).students == ["Perez_Ana_10038", "Ruiz_Ana_10039"]
    graded(course, {"Perez_Ana_10038": 5, "Ruiz_Ana_10039": 6})
    with course.gradebook() as gradebook:
        upload = Uploads(course, gradebook).grades("wine")
    assert upload.path.read_text("utf-8-sig").splitlines()[1] == "Perez_Ana_10038,Ana,5.00"


def test_the_platform_is_found_out_and_a_file_of_another_is_refused(course, tmp_path):  # noqa: F811
    assert platform_of(None, [PurePath("Ana_12_assignsubmission_file/wine.ipynb")]).name == "moodle"
    assert platform_of(None, [PurePath(canvas_name(101, 5, "wine.ipynb"))]).name == "canvas"
    assert platform_of(None, [PurePath("wine.ipynb")]) is None
    canvas_gradebook(tmp_path / "g.csv", {})
    names = {f"Ana_{n}_assignsubmission_file/wine.ipynb": "1" for n in range(3)}
    with pytest.raises(GradingError, match=r"The archive is of moodle, and .* is not"):
        collect(course, "wine", [zipped(tmp_path / "all.zip", names), tmp_path / "g.csv"])
    (tmp_path / "g.csv").write_text("Nombre,Nota\nAna,5\n")
    with pytest.raises(GradingError, match="is of no platform that is known here"):
        collect(course, "wine", [tmp_path / "g.csv"])
    assert len({platform.name for platform in PLATFORMS}) == len(PLATFORMS)


def test_a_hostile_archive_or_file_gains_nothing(course, tmp_path):  # noqa: F811
    outside = tmp_path.parent / "fuera.ipynb"
    names = {
        f"../../../{outside.name}": "x",
        "/etc/nadie_1_assignsubmission_file/wine.ipynb": "x",
        "Eva_2_assignsubmission_file/wine.ipynb": "2",
        "Eva_2_assignsubmission_file/timestamp.txt": "2001-01-01 00:00:00",
        "Eva_2_assignsubmission_file/../../../A001/wine/wine.ipynb": "forged",
        "Leo_3_assignsubmission_file/x_2_assignsubmission_file/wine.ipynb": "3",
        "../Leo_4_assignsubmission_file/wine.ipynb": "4",
    }
    report = collect(course, "wine", [zipped(tmp_path / "all.zip", names)])
    assert not outside.exists() and report.students == ["2", "3"]
    assert handed_in(course)["2"] == {"wine.ipynb"} and "not a student's file" in str(report.left_out)
    assert (course.folder("submitted", "wine", "2") / "wine.ipynb").read_text() == "2"
    sheet = tmp_path / "w.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,ID number,Status,Grade,Maximum grade,Changed,Submitted,Graded,Comments\n"
        'Participant 2,"Eva \\",x@y.z,A9",e@e.e,../../../A001,Submitted for grading - ,,10.00,Yes,-,-,\n'
        "Participant 3,=cmd(),f@e.e,a/b,Submitted for grading - ,,10.00,Yes,-,-,\n"
    )
    report = collect(course, "wine", [sheet])
    assert report.students == ["e@e.e", "f@e.e"]
    graded(course, {"e@e.e": 5, "f@e.e": 6})
    with course.gradebook() as gradebook:
        content = Uploads(course, gradebook).grades("wine").path.read_text("utf-8-sig")
    assert "\\" not in content and len(content.splitlines()) == 3 and not re.search(r"(^|,)=", content, re.MULTILINE)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a\\b", "ab"),
        ("a\nb\r\nc\x85d\u2028e\x0bf", "a b c d e f"),
        ("=1+1", "'=1+1"),
        ("-", "-"),
        ("-2,5", "-2,5"),
        ("-2+3", "'-2+3"),
    ],
)
def test_no_cell_breaks_a_row_or_is_a_formula(cell, written):
    assert safe(cell) == written


def test_a_worksheet_with_a_quote_behind_a_backslash_is_read_as_php_writes_it(tmp_path):
    (tmp_path / "w.csv").write_text('a,b\n"x\\", y",2\n')
    assert Sheet.read(tmp_path / "w.csv").rows == [['x\\", y', "2"]]


def test_folders_are_collected_twice_and_their_links_are_not_followed(course, tmp_path):  # noqa: F811
    for student, text in (("ana", "1"), ("luis", "2")):
        (tmp_path / "clones" / student).mkdir(parents=True)
        (tmp_path / "clones" / student / "wine.ipynb").write_text(text)
    assert collect(course, "wine", [tmp_path / "clones"]).students == ["ana", "luis"]
    new = tmp_path / "clones" / "ana" / "wine.ipynb"
    new.write_text("3")
    os.utime(new, (2e9, 2e9))
    (tmp_path / "clones" / "mal").mkdir()
    (tmp_path / "clones" / "mal" / "wine.ipynb").symlink_to("../ana/wine.ipynb")
    (tmp_path / "clones" / "mal" / "x.txt").symlink_to("/nowhere")
    report = collect(course, "wine", [tmp_path / "clones", zipped(tmp_path / "b.zip", {"eva/wine.ipynb": "4"})])
    assert report.students == ["ana", "eva", "luis"] and "it is a link" in str(report.left_out)
    assert (course.folder("submitted", "wine", "ana") / "wine.ipynb").read_text() == "3"


def test_a_number_or_a_login_that_ends_as_another_s_is_not_it(course, tmp_path):  # noqa: F811
    head = "Student,ID,SIS Login ID,Section,wine (1)\n"
    (tmp_path / "g.csv").write_text(head + "    Points Possible,,,,10\nZoe,4567,zoe,A,\nLeo,14567,leo,A,\n")
    names = {"leo_14567_900_wine.ipynb": "leo", "zoemal_4567_902_14567_1_wine.ipynb": "zoe"}
    report = collect(course, "wine", [zipped(tmp_path / "s.zip", names), tmp_path / "g.csv"])
    assert report.students == ["leo"] and "zoe or leo" in str(report.left_out)
    assert (course.folder("submitted", "wine", "leo") / "wine.ipynb").read_text() == "leo"
    (tmp_path / "roster.csv").write_text("id,name\nana,Ana\nluis_ana,Luis\n")
    names = {"Garcia_luis_ana_123/neuron.ipynb": "1", "Perez_Luis_luis_ana_124/neuron.ipynb": "2"}
    with pytest.raises(GradingError, match="several names in the archive end as luis_ana's does"):
        collect(course, "neuron", [zipped(tmp_path / "i.zip", names), tmp_path / "roster.csv"])
