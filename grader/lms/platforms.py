"""Whose file is whose in the archives of learning platforms, and where grades go in their files: a table of patterns.

A new platform is one more `Platform` in PLATFORMS, and files of the real system in the tests. Moodle and Canvas, whose
files ask for more, are classes of their own.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Protocol, Self

from ..office.sheets import Sheet, SheetError, number

_STUDENT = re.compile(r"[\w@-][\w.@+'-]*")  # fit for a folder, and for nbgrader's patterns


@dataclass
class Entry:
    """A file of a platform's archive. key: what the platform calls its owner by there; name: the owner's, or a group's;
    file: the student's own name of it; group: whether a group has handed it in."""

    key: str
    file: PurePath
    name: str = ""
    late: bool = False
    group: bool = False
    time: str = ""  # of handing in, where the archive says it
    others: tuple[Self, ...] = ()  # further Entries, where the name can be read in several ways
    whole: str = ""  # where a login of several words stands at the end of it


@dataclass
class Person:
    """A student in a platform's file. key: as in the archive; student: the id in this course; row: of the file."""

    key: str
    student: str
    row: list[str]
    handed_in: datetime | None = None
    unread: str = ""  # a time of handing in that cannot be read
    state: str = ""  # "draft" or "reopened"
    group: str = ""


@dataclass
class Filled:
    """A platform's file with grades in it. remarks: what has to be said; students: whose grades it holds."""

    headings: list[str]
    rows: list[list[str]]
    students: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Graded(Protocol):
    """What a student has got, a grader.lms.upload.Grade."""

    comment: str

    def of(self, maximum: float | None = None) -> str:
        """Return the grade with two decimals. maximum: that of the platform."""


class Platform:
    """A platform by patterns.

    name: of its folder of exports; file: of a part of a path in its archive, with the groups key and own (a student's
    name of a file in a folder is the rest of the path); person, ids: of the headings in its own CSV that hold the key,
    and the ids of the course, best first; grade: of the heading of an assignment's grades, with the groups title and,
    where the platform says it, maximum; typed: of the names of texts that were typed into the platform.
    """

    def __init__(
        self,
        name: str,
        file: str | None = None,
        person: str | None = None,
        ids: Iterable[str] = (),
        grade: str | None = None,
        typed: str | None = None,
    ) -> None:
        self.name = name
        self.file, self.person, self.grade, self.typed = (
            re.compile(p, re.IGNORECASE | re.DOTALL) if p else None for p in (file, person, grade, typed)
        )
        self.ids = [re.compile(pattern, re.IGNORECASE) for pattern in ids]
        self.roster: Platform | None = None  # what reads a roster, for a platform that has no file of its own

    def parse(self, path: PurePath) -> Entry | None:
        """Return the Entry of a file at this PurePath in the archive, or None if the name is not one of the
        platform's."""
        for n, part in enumerate(path.parts):
            found = self.file.fullmatch(part) if self.file else None
            if not found:
                continue
            rest = path.parts[n + 1 :]
            own = PurePath(*filter(None, [found.groupdict().get("own")]), *rest)
            time = re.sub(r"-(\d\d)-(\d\d)-\d\d$", r" \1:\2", found.groupdict().get("time") or "")
            words = found["key"].split("_")  # a login can hold a `_`: whose it is, the platform's own file can tell
            longer = ["_".join(words[n:]) for n in range(len(words) - 1)]
            others = tuple(Entry(key, own, time=time) for key in (part, *longer))
            return Entry(words[-1], own, time=time, others=others, whole=found["key"]) if own.name else None
        return None

    def is_typed(self, path: PurePath) -> bool:
        """Tell whether a file holds what a student has typed into the platform: no file of theirs."""
        return bool(self.typed and any(self.typed.fullmatch(part) for part in path.parts))

    def owns(self, sheet: Sheet) -> bool:
        """Tell whether a Sheet is the platform's."""
        return bool(self.person and self._column(sheet, self.person) is not None and self._grades(sheet))

    def people(self, sheet: Sheet, zone: str) -> list[Person]:
        """Return the Persons of a Sheet. zone: name of the time zone of its times."""
        if self.roster:
            return self.roster.people(sheet, zone)
        at = self._key(sheet)
        columns = [found for pattern in self.ids if (found := self._column(sheet, pattern)) is not None]
        rows = [row for row in sheet.rows if row[at]]
        names = student_ids([[row[column] for column in columns] + [row[at]] for row in rows])
        return [Person(row[at], name, row) for row, name in zip(rows, names, strict=True)]

    def fill(
        self,
        sheet: Sheet,
        people: list[Person],
        grades: Mapping[str, Graded],
        assignment: str,
        column: str | None = None,
    ) -> Filled:
        """Return Filled: the columns that say who it is, and the one of the assignment; rows of those who are graded.

        grades: {student: Grade}; column: heading of the column, if the assignment's name is not in it.
        """
        if self.roster:
            return self.roster.fill(sheet, people, grades, assignment, column)
        at = self.grade_column(sheet, assignment, column)
        found = self.grade.fullmatch(sheet.headings[at]) if self.grade else None
        maximum = number((found and found.groupdict().get("maximum")) or "")
        kept = [n for n, heading in enumerate(sheet.headings) if n == at or n not in self._grades(sheet)]
        filled = Filled([sheet.headings[n] for n in kept], [])
        self._put(filled, people, grades, at, kept, maximum)
        return filled

    @staticmethod
    def _put(
        filled: Filled,
        people: Iterable[Person],
        grades: Mapping[str, Graded],
        at: int,
        kept: list[int],
        maximum: float | None,
    ) -> None:
        """Add to Filled the columns `kept` of those who get another grade, in the column `at`, than they have there."""
        for person in people:
            grade = grades.get(person.student)
            if grade is None:
                continue
            new = grade.of(maximum)
            if number(person.row[at]) == float(new):
                filled.unchanged.append(person.student)
            else:
                filled.rows.append([new if n == at else person.row[n] for n in kept])
                filled.students.append(person.student)

    def grade_column(self, sheet: Sheet, assignment: str, column: str | None = None) -> int:
        """Return the index of an assignment's column in a Sheet. Raises SheetError."""
        choice = self._grades(sheet)
        wanted = [n for n in choice if column and sheet.headings[n] == column]
        if not column:
            wanted = [n for n in choice if plain(self._title(sheet.headings[n])) == plain(assignment)]
        if len(wanted) != 1:
            headings = ", ".join(f'"{sheet.headings[n]}"' for n in choice) or "none"
            raise SheetError(
                f"{sheet.path}: {'several columns are' if wanted else 'no column is'} called {column or assignment}. "
                f"Name the right one: grader grades {assignment} --column '...'. There are: {headings}."
            )
        return wanted[0]

    def _grades(self, sheet: Sheet) -> list[int]:
        """Return the indices of the columns that can hold grades."""
        return [n for n, heading in enumerate(sheet.headings) if self.grade and self.grade.fullmatch(heading)]

    def _title(self, heading: str) -> str:
        found = self.grade.fullmatch(heading) if self.grade else None
        assert found is not None  # it is one of `_grades`
        return found["title"]

    def _key(self, sheet: Sheet) -> int:
        at = self._column(sheet, self.person) if self.person else None
        assert at is not None  # `owns` has seen to it
        return at

    @staticmethod
    def _column(sheet: Sheet, pattern: re.Pattern[str]) -> int | None:
        return next((n for n, heading in enumerate(sheet.headings) if pattern.fullmatch(heading)), None)


class Folders(Platform):
    """A folder for each student, as from a USB stick, a shared drive, or GitHub Classroom's clones `wine-anaperez`."""

    def __init__(self) -> None:
        super().__init__("folders", person=r"id|student|alumno|identifier|github_username|usuario|login")
        self.assignment = ""

    def parse(self, path: PurePath) -> Entry | None:
        """Return the Entry of a file below a student's folder, or None for one that lies in none."""
        if len(path.parts) < 2:
            return None
        return Entry(path.parts[0].removeprefix(f"{self.assignment}-"), PurePath(*path.parts[1:]))

    def owns(self, sheet: Sheet) -> bool:
        """Tell whether a Sheet is a roster: one of its headings says whose folder is whose."""
        return self.person is not None and self._column(sheet, self.person) is not None

    def people(self, sheet: Sheet, zone: str) -> list[Person]:
        """Return the Persons of a roster; GitHub Classroom's names the account, and the identifier that the course
        uses."""
        headings = [heading.casefold() for heading in sheet.headings]
        key = next(n for name in ("github_username", *headings) for n, h in enumerate(headings) if h == name)
        if "github_username" not in headings:
            key = self._key(sheet)
        own = next((n for n, h in enumerate(headings) if h in ("id", "identifier", "student")), key)
        rows = [row for row in sheet.rows if row[key]]
        names = student_ids([[row[own], row[key]] for row in rows])
        return [Person(row[key], name, row) for row, name in zip(rows, names, strict=True)]

    def fill(
        self,
        sheet: Sheet,
        people: list[Person],
        grades: Mapping[str, Graded],
        assignment: str,
        column: str | None = None,
    ) -> Filled:
        """Return Filled: the roster, and the grades in a column of this name, or of the assignment's."""
        headings = [*sheet.headings]
        wanted = [n for n, heading in enumerate(headings) if plain(heading) == plain(column or assignment)]
        at = wanted[0] if wanted else len(headings)
        if not wanted:
            headings.append(column or assignment)
        filled = Filled(headings, [])
        for person in people:
            if (grade := grades.get(person.student)) is not None:
                row = [*person.row, *[""] * (len(headings) - len(person.row))]
                row[at] = grade.of()
                filled.rows.append(row)
                filled.students.append(person.student)
        return filled


def student_ids(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one id of this course for each row of candidates, best first: one that is fit for a folder, and nobody
    else's. Where there is none, it is made of the row's last candidate."""
    seen: dict[tuple[int, str], list[Sequence[str]]] = {}
    for row in rows:
        for place, text in enumerate(row):
            seen.setdefault((place, text.casefold()), []).append(row)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for n, row in enumerate(rows):
        for place, text in enumerate(row):
            own = fit(text) and len(seen[place, text.casefold()]) == 1 and text.casefold() not in taken
            if own and (place < len(row) - 1 or len(row) == 1):
                names[n] = text
                taken.add(text.casefold())
                break
    for n, row in enumerate(rows):  # after all those that are somebody's own
        if n not in names:
            text = base = re.sub(r"[^\w@-]+", "-", row[-1]).strip("-") or "nobody"
            while text.casefold() in taken:
                text = f"participant-{base}" if text == base else f"{text}-"
            names[n] = text
            taken.add(text.casefold())
    return [names[n] for n in range(len(rows))]


def fit(text: str) -> bool:
    """Tell whether a text can be a student's id: the name of a folder, and none of nbgrader's patterns."""
    return bool(_STUDENT.fullmatch(text)) and bool(text.strip("-_.@'+"))


def plain(text: str) -> str:
    """Return a text without case, accents and what is no letter or digit, to compare names."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
