"""Canvas's archive of an assignment's submissions and its gradebook as CSV.

Read in Canvas's source (instructure/canvas-lms, release of 2024): lib/content_zipper.rb (names in the archive),
lib/gradebook_exporter.rb and lib/gradebook_importer.rb (columns; students are matched by ID, comments are not taken).
"""

import re
from collections.abc import Mapping
from pathlib import PurePath

from ..office.sheets import Sheet, SheetError, number
from .platforms import Entry, Filled, Graded, Person, Platform, student_ids

_WHO = r"(?:anon_(?P<anonymous>[^\W_]+)|(?P<user>\d+))_\d+_(?P<own>.+)"
_NAME = re.compile(rf"(?:(?P<name>\w*?)_)??(?P<late>LATE_)?{_WHO}", re.DOTALL)
_AGAIN = re.compile(r"(?<=_)(?P<late>LATE_)?(?P<user>\d+)_\d+_(?P<own>.+)", re.DOTALL)
_COLUMN = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)")
_OF_STUDENTS = (
    "Student",
    "LastName",
    "FirstName",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
_SCORES = re.compile(r".*(Current|Final|Override) (Score|Points|Grade|Status).*")


class Canvas(Platform):
    """A Canvas course: the archive of *Download Submissions* and the gradebook's *Export*."""

    def __init__(self) -> None:
        super().__init__("canvas", typed=r".*_(?:text|link)\.html")

    def parse(self, path: PurePath) -> Entry | None:
        """Return the Entry of a file `name[_LATE]_<user id>_<file id>_<own name>`, or `anon_<id>`, or None."""
        for n, part in enumerate(path.parts):
            if not (found := _NAME.fullmatch(part)):
                continue
            rest = path.parts[n + 1 :]
            key = f"anon_{found['anonymous']}" if found["anonymous"] else found["user"]
            others = []  # a name or a file can be called so that it passes for another's
            if found["user"]:
                start = found.start("user") + 1
                while again := _AGAIN.search(part, start):
                    others.append(Entry(again["user"], PurePath(again["own"], *rest), late=bool(again["late"])))
                    start = again.start("user") + 1
            return Entry(
                key, PurePath(found["own"], *rest), found["name"] or "", late=bool(found["late"]), others=tuple(others)
            )
        return None

    def owns(self, sheet: Sheet) -> bool:
        """Tell whether a Sheet is a gradebook: Student, ID, …, Section."""
        start = sheet.headings[0] == "Student" or sheet.headings[:2] == ["LastName", "FirstName"]
        return start and {"ID", "Section"} <= set(sheet.headings)

    def people(self, sheet: Sheet, zone: str) -> list[Person]:
        """Return the Persons of a gradebook; the rows above the students are not among them."""
        at = {name: sheet.headings.index(name) for name in _OF_STUDENTS if name in sheet.headings}
        rows = [row for row in sheet.rows if row[at["ID"]]]
        ids = [[*(row[at[name]] for name in ("SIS User ID", "SIS Login ID", "ID") if name in at)] for row in rows]
        names = student_ids(ids)
        return [Person(row[at["ID"]], name, row) for row, name in zip(rows, names, strict=True)]

    def fill(
        self,
        sheet: Sheet,
        people: list[Person],
        grades: Mapping[str, Graded],
        assignment: str,
        column: str | None = None,
    ) -> Filled:
        """Return Filled: the columns that say who it is, and the assignment's. Raises SheetError."""
        at = self.grade_column(sheet, assignment, column)
        above = [row for row in sheet.rows if not row[sheet.headings.index("ID")]]
        points = next((row for row in above if "Points Possible" in row[0]), None)
        if points and "read only" in points[at]:
            raise SheetError(f'Canvas takes no grades for "{sheet.headings[at]}": its column is read only.')
        maximum = number(points[at]) if points else None
        kept = [n for n, heading in enumerate(sheet.headings) if heading in _OF_STUDENTS or n == at]
        filled = Filled([sheet.headings[n] for n in kept], [[row[n] for n in kept] for row in above if row is points])
        if not maximum:
            filled.remarks.append("The gradebook does not say how many points are possible: grades are from 0 to 10.")
        excused = [p.student for p in people if p.student in grades and p.row[at].upper() in ("EX", "N/A")]
        self._put(filled, [person for person in people if person.student not in excused], grades, at, kept, maximum)
        if excused:
            filled.remarks.append(f"Left out, excused in Canvas, or not assigned there: {', '.join(excused)}.")
        filled.remarks.append("Canvas takes no comments from a file: the feedback pages say more than the grade.")
        return filled

    def _grades(self, sheet: Sheet) -> list[int]:
        return [
            n
            for n, heading in enumerate(sheet.headings)
            if heading not in _OF_STUDENTS and not _SCORES.fullmatch(heading) and _COLUMN.fullmatch(heading)
        ]

    def _title(self, heading: str) -> str:
        found = _COLUMN.fullmatch(heading)
        assert found is not None  # it is one of `_grades`
        return found["title"]
