"""Moodle's archive of all submissions and its grading worksheet, in any of its languages.

Read in Moodle 4.5: mod/assign/classes/downloader.php (names in the archive), mod/assign/gradingtable.php (the order of
the worksheet's columns), mod/assign/feedback/offline/ (what its upload takes),
mod/assign/feedback/file/importziplib.php (feedback files). Up to 4.0 the names of folders end in `_`.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePath

from ..ground.files import whole
from ..office.sheets import Sheet, SheetError, number, one_line
from .moments import looks_like_a_time, moment, months_come_first
from .platforms import Entry, Filled, Graded, Person, Platform, student_ids

# No name has a `_`: Moodle takes them out. Without a number it is the group of those who are in none.
_NAME = re.compile(
    r"(?P<name>[^_]*)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<own>.*))?", re.DOTALL
)
_PARTICIPANT = re.compile(r"\D*(\d{1,12})")
# Words where place and pattern leave it open, in the languages of Spain and its neighbours.
_ID_NUMBER = re.compile(r"\bid\b|identifica|identifikation|matr[ií]cula", re.IGNORECASE)
_TEAM = re.compile(r"group|grupo|grup|taldea|groupe|gruppe|gruppo", re.IGNORECASE)
_STATUS = re.compile(r"status|estado|estat|egoera|statut|stato", re.IGNORECASE)
_DRAFT = re.compile(
    r"[^-]*\S\s*[(（].*|(draft|borrador|esborrany|zirriborro|rascu|brouillon|entwurf|bozza)\b.*", re.IGNORECASE
)
_REOPENED = re.compile(
    r"(re-?opened|re-?abiert|re-?obert|re-?abert|berr?iz? ?-?ireki|r[ée]?-?ouvert|erneut|wieder|riapert)", re.IGNORECASE
)


class Moodle(Platform):
    """Moodle's assignment, with the worksheet of its *Offline grading worksheet*."""

    def __init__(self) -> None:
        super().__init__("moodle", typed=r"[^_]*(?:_\d+)?_assignsubmission_(?!file)[a-z]+(?:_.*)?")

    def parse(self, path: PurePath) -> Entry | None:
        """Return the Entry of a file in the archive, in folders or flat, or None. Only the topmost name counts."""
        for n, part in enumerate(path.parts):
            if found := _NAME.fullmatch(part):
                own = PurePath(*filter(None, [found["own"]]), *path.parts[n + 1 :])
                if found["kind"] != "file" or not own.name:
                    return None
                return Entry(found["number"] or "", own, found["name"], group=not found["number"])
        return None

    def owns(self, sheet: Sheet) -> bool:
        """Tell whether a Sheet is a grading worksheet: its first column numbers the participants."""
        found = [_PARTICIPANT.fullmatch(row[0]) for row in sheet.rows]
        if not found or not all(found) or len({row[0].rstrip("0123456789") for row in sheet.rows}) > 1:
            return False
        return not sheet.rows[0][0][0].isdigit() and bool({"maximum", "handed_in"} & columns(sheet).keys())

    def people(self, sheet: Sheet, zone: str) -> list[Person]:
        """Return the Persons of a worksheet."""
        at = columns(sheet)
        when = at.get("handed_in")
        month_first = when is not None and months_come_first(row[when] for row in sheet.rows)
        found = [
            [*(row[at[key]] for key in ("id_number", "email") if key in at), _participant(row[0])] for row in sheet.rows
        ]
        if twice := [text for text, count in Counter(row[0] for row in sheet.rows).items() if count > 1]:
            raise SheetError(f"{sheet.path}: {', '.join(twice[:5])} stands there more than once. Download it anew.")
        people = []
        for row, name, known in zip(sheet.rows, student_ids(found), found, strict=True):
            text = row[when] if when is not None else "-"
            time = moment(text, zone, month_first)
            person = Person(known[-1], name, row, time)
            person.unread = "" if time or text in ("", "-") else text
            person.state = _state(row[at["status"]]) if "status" in at else ""
            person.group = row[at["team"]] if "team" in at else ""
            people.append(person)
        return people

    def fill(
        self,
        sheet: Sheet,
        people: list[Person],
        grades: Mapping[str, Graded],
        assignment: str,
        column: str | None = None,
    ) -> Filled:
        """Return Filled: the rows of those who get another grade than they have, or their first comment. Raises
        SheetError where Moodle would take none of it."""
        at = columns(sheet)
        if at.get("grade") is None:
            raise SheetError(
                f"{sheet.path} has no columns of grades and their maximum: it has to be the worksheet of Moodle's "
                "action 'Download grading worksheet', whole."
            )
        maximum = number(sheet.rows[0][at["maximum"]])
        if not maximum:
            raise SheetError(
                f'{sheet.path}: where the maximum of the grades should be stands "{sheet.rows[0][at["maximum"]]}". '
                "Is it a scale? A scale wants its words, and these grades are numbers: in Moodle's settings of the "
                "assignment, Grade, choose the type Point, and download the worksheet again."
            )
        filled, modified = Filled(sheet.headings, []), at.get("modified")
        month_first = modified is not None and months_come_first(row[modified] for row in sheet.rows)
        stale, reopened = [], []
        for person in people:
            grade = grades.get(person.student)
            if grade is None:
                continue
            row, new = list(person.row), grade.of(maximum)
            comment = comment_of(grade)
            same = number(row[at["grade"]]) == float(new)
            if person.state == "reopened":
                reopened.append(person.student)
                continue
            if same and (row[at["comment"]] if "comment" in at else True):
                filled.unchanged.append(person.student)
                continue
            row[at["grade"]] = new
            if "comment" in at:
                row[at["comment"]] = comment
            if modified is not None and row[modified] != "-":
                time = moment(row[modified], "UTC", month_first)  # as it is written
                if time is None:
                    stale.append(person.student)
                else:  # strtotime() reads English and this; else Moodle takes the row for older than its grade
                    row[modified] = f"{time:%Y-%m-%d %H:%M}"
            filled.rows.append(row)
            filled.students.append(person.student)
        if reopened:
            filled.remarks.append(
                "Left out, their attempt has been reopened in Moodle and is empty, and this grade is of the one "
                f"before: {', '.join(reopened)}."
            )
        if stale:
            filled.remarks.append(
                f"When the grades of {', '.join(stale)} were given cannot be read in the worksheet: Moodle takes "
                "these rows only with 'Allow updating records that have been modified more recently in Moodle' "
                "ticked."
            )
        if modified is None:
            filled.remarks.append(
                "The worksheet has no column that says when grades were given: Moodle takes none without it. Was "
                "it downloaded whole?"
            )
        if "comment" not in at:
            filled.remarks.append(
                "The worksheet has no column of comments, so none are given back: in Moodle's settings of the "
                "assignment, Feedback types, tick Feedback comments."
            )
        return filled

    def feedback(self, target: Path, pages: Mapping[str, Path], name: str) -> None:
        """Write the archive for *Upload multiple feedback files in a zip*. pages: {participant number: path}."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, page in pages.items():
                archive.write(page, f"Participante_{key}_assignfeedback_file_/{name}")


def columns(sheet: Sheet) -> dict[str, int]:
    """Return {what: index} of a worksheet's columns, by their order and by what stands in them, in any language.

    The order is: identifier, full name, who it is otherwise (e-mail, ID number, …), status, group, marker, grade, its
    maximum (or scale), workflow, whether it can be changed, when handed in, typed text, when graded, comments.
    """
    width = range(len(sheet.headings))
    column = [[row[n] for row in sheet.rows] for n in width]
    times = [n for n in width if n > 1 and all(cell == "-" or looks_like_a_time(cell) for cell in column[n])]
    end = times[0] if times else len(width)
    maximum = _maximum(column, end)
    before = width[1 : end if maximum is None else maximum - 1]
    status = next((n for n in before if _STATUS.fullmatch(sheet.headings[n])), None)
    if status is None:  # the last that is made of parts; who it is stands before, also with a dash
        parts = [n for n in before if sum(" - " in f"{cell} " for cell in column[n]) * 2 > len(column[n])]
        status = next((n for n in reversed(parts) if not _TEAM.search(sheet.headings[n])), None)
    at: dict[str, int] = {}
    if maximum is None and len(times) > 1:  # a scale, or nonsense: before "can be changed" and the time of handing in
        maximum = end - 2 if status is None or end - 3 > status else None
    if maximum is not None:
        at |= {"grade": maximum - 1, "maximum": maximum}
    if status is not None:
        at["status"] = status
        if status + 1 < at.get("grade", end) and _TEAM.search(sheet.headings[status + 1]):
            at["team"] = status + 1
    for n in range(2 if status != 1 else len(width), status or at.get("grade", end)):
        if any("@" in cell for cell in column[n]):
            at.setdefault("email", n)
        elif _ID_NUMBER.search(sheet.headings[n]):
            at.setdefault("id_number", n)
    if times:
        at["handed_in"] = times[0]
    if len(times) > 1:
        at["modified"] = times[-1] if len(times) < 3 or "-" in column[times[-1]] else times[1]
    last = max(times, default=at.get("maximum", 0)) + 1
    if last < len(width):
        at["comment"] = last
    return at


def _maximum(column: list[list[str]], end: int) -> int | None:
    """Return the index of the maximum: one number for all, behind grades, the last such column before the times."""
    found = None
    for n in range(2, end):
        value = number(column[n][0]) if len(set(column[n])) == 1 else None
        if value and all(cell in ("", "-") or number(cell) is not None for cell in column[n - 1]):
            found = n
    return found


def _participant(text: str) -> str:
    found = _PARTICIPANT.fullmatch(text)
    assert found is not None  # `owns` has seen to it
    return found[1]


def _state(status: str) -> str:
    """Return "draft" or "reopened" for a status that says so, else ""."""
    first = status.split(" - ")[0].strip()
    if _REOPENED.match(first):
        return "reopened"
    return "draft" if _DRAFT.fullmatch(first) else ""


def comment_of(grade: Graded) -> str:
    """Return a comment as HTML on one line, without a backslash."""
    return one_line(grade.comment).replace("\\", "&#92;")
