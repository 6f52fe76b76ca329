"""The class: names and e-mail addresses of students from a list, and back into one; students who leave."""

import csv
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry, Student

from .course import Course, GradingError
from .lms.platforms import student_ids
from .office.lock import STAGING, at_work
from .office.sheets import Sheet, SheetError, harmless

COLUMNS = ("id", "first_name", "last_name", "email")
DROPPED = "dropped"
STEPS = ("submitted", "autograded", "feedback")
_DAMAGED = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+|\d+[.,]0+", re.IGNORECASE)  # numbers, as Excel shows them
_HEADINGS = {  # of platforms and offices, Spanish and English, the best first; an id is the first that is filled in
    "id": (r"id|student_?id", r"id[ _]number|número de id", r"student|alumno|dni|nia|matr[ií]cula"),
    "login": (r"username|user|login|nombre de usuario|usuario|github_username",),
    "first_name": (r"first[ _]?name|given name", r"nombre|nombre de pila"),
    "last_name": (r"last[ _]?name|surname|family name", r"apellidos?(?:\(s\))?"),
    "email": (
        r"e-?mail(?: address)?",
        r"correo(?: electrónico)?|dirección(?: de)? (?:correo|e-?mail)(?: electrónico)?",
    ),
    "name": (r"full name|name", r"nombre completo|apellidos?,? (?:y )?nombre"),
}


@dataclass
class Entered:
    """What became of a list. new, changed, same: ids; missing: of the gradebook, and not in the list; unused:
    headings that were of no use; renamed: {id of the list: the one that it has here}."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


def read_roster(path: Path) -> tuple[list[dict[str, str]], list[str], dict[str, str]]:
    """Return ([{column of COLUMNS: text}], headings that are of no use, {id: the one that is fit for a folder}) of a
    CSV file. Raises GradingError."""
    if not path.is_file():
        raise GradingError(f"{path} does not exist.")
    try:
        sheet = Sheet.read(path)
    except SheetError:
        raise GradingError(
            f"{path} is no list that can be read: save it as CSV, with a row of headings and as many cells in each row."
        ) from None
    headings = [heading.casefold().strip("\"' ") for heading in sheet.headings]
    at: dict[str, int] = {}
    for name, patterns in _HEADINGS.items():  # the first of a column's headings that is there
        found = [n for one in patterns for n, heading in enumerate(headings) if re.fullmatch(one, heading)]
        if found and found[0] not in at.values():
            at[name] = found[0]
    if not at.keys() & {"id", "login", "email"}:
        raise GradingError(
            f"{path} has no column that tells students apart: name one of its headings id, username or email. It has: "
            f"{', '.join(sheet.headings)}."
        )
    if not sheet.rows:
        raise GradingError(f"{path} names nobody: there is no row below its headings.")

    def cell(row: list[str], name: str) -> str:
        text = row[at[name]] if name in at else ""
        return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text  # as it was written

    candidates = [[text for text in (cell(row, n) for n in ("id", "login", "email")) if text] for row in sheet.rows]
    if nobody := [n for n, texts in enumerate(candidates, 2) if not texts]:
        raise GradingError(f"{path}: row {nobody[0]} has no id: fill it in, or take the row out.")
    if twice := sorted({texts[0] for texts in candidates if sum(texts[0] == other[0] for other in candidates) > 1}):
        raise GradingError(f"{path} names {', '.join(twice)} more than once: take out one of the rows.")
    lower = Counter(texts[0].casefold() for texts in candidates)
    if alike := sorted(texts[0] for texts in candidates if lower[texts[0].casefold()] > 1):
        raise GradingError(f"{path} has ids that differ in nothing but small and capital letters: {', '.join(alike)}.")
    if damaged := [texts[0] for texts in candidates if _DAMAGED.fullmatch(texts[0])]:
        raise GradingError(
            f"{path} has ids that a spreadsheet has taken for numbers, as {damaged[0]}: make that column text, and "
            "save the list anew."
        )
    ids = student_ids([[texts[0], texts[-1]] for texts in candidates])
    people, renamed = [], {}
    for row, student, texts in zip(sheet.rows, ids, candidates, strict=True):
        first, last = cell(row, "first_name"), cell(row, "last_name")
        if not first and not last and (name := cell(row, "name")):
            last, _, first = (part.strip() for part in name.partition(",")) if "," in name else ("", "", name)
        if student != texts[0]:
            renamed[texts[0]] = student
        people.append({"id": student, "first_name": first, "last_name": last, "email": cell(row, "email")})
    return people, [heading for n, heading in enumerate(sheet.headings) if n not in at.values()], renamed


def enter_roster(course: Course, path: Path) -> Entered:
    """Enter the students of a CSV file in the gradebook; return Entered. Nobody is removed. Raises GradingError."""
    people, unused, renamed = read_roster(path)
    entered = Entered(unused=unused, renamed=renamed)
    with course.gradebook() as gradebook:
        known = {student.id: student for student in gradebook.students}
        for person in people:
            facts = {name: text for name, text in person.items() if text and name != "id"}
            student = known.get(person["id"])
            if student is None:
                gradebook.db.add(Student(id=person["id"], **facts))
                entered.new.append(person["id"])
            elif any(getattr(student, name) != text for name, text in facts.items()):
                for name, text in facts.items():
                    setattr(student, name, text)
                entered.changed.append(person["id"])
            else:
                entered.same.append(person["id"])
        gradebook.db.commit()
    entered.missing = sorted(known.keys() - {person["id"] for person in people})
    return entered


def write_roster(course: Course, path: Path) -> int:
    """Write the students of the gradebook to a CSV file; return how many."""
    with course.gradebook() as gradebook:
        rows = [[getattr(student, name) or "" for name in COLUMNS] for student in gradebook.students]
    try:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([COLUMNS, *(map(harmless, row) for row in sorted(rows))])
    except OSError as error:
        raise GradingError(f"Cannot write {path}: {error.strerror}. Choose another file.") from None
    return len(rows)


def drop(course: Course, student: str) -> Path:
    """Take a student out of the class: the folders go to dropped/, the points with them in grades.csv, the gradebook
    forgets both. Returns the folder. Raises GradingError."""
    if student in ("", ".", "..") or "/" in student:
        raise GradingError(f"{student!r} is no student: name one, as the folder in submitted/ is called.")
    with at_work(course.root / STAGING):
        return _drop(course, student)


def _drop(course: Course, student: str) -> Path:
    folder = course.root / DROPPED / student
    places = [course.root / getattr(course.coursedir, f"{step}_directory") / student for step in STEPS]
    places = [place for place in places if place.is_dir()]
    with course.gradebook() as gradebook:
        try:
            submissions = gradebook.student_submissions(student) if gradebook.find_student(student) else []
        except MissingEntry:
            submissions = None
        if submissions is None and not places:
            known = ", ".join(entry.id for entry in gradebook.students) or "nobody"
            raise GradingError(f"{student!r} is no student of this course. There is: {known}.")
        if folder.exists():
            raise GradingError(f"{student} has been dropped before: move {folder} somewhere else, then do it again.")
        folder.mkdir(parents=True)
        with (folder / "grades.csv").open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(("assignment", "cell", "auto_score", "manual_score", "extra_credit", "max_score"))
            for submission in submissions or ():
                for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                    points = (grade.auto_score, grade.manual_score, grade.extra_credit, grade.max_score)
                    writer.writerow((submission.name, grade.name, *points))
        for place in places:
            shutil.move(place, folder / place.parent.name)
        if submissions is not None:
            gradebook.remove_student(student)
    return folder
