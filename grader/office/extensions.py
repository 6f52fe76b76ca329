"""More time for one student: extensions.csv in the course's folder, which the gradebook follows once it is there.

nbgrader has a place for an extension in a submission alone; here it can be given before anything is handed in.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from nbgrader.api import Gradebook, MissingEntry

from ..course import Course, GradingError
from ..ground import duedates
from ..ground.files import whole
from .sheets import Sheet, SheetError

FILE = "extensions.csv"
COLUMNS = ("student", "assignment", "due")


def extensions(course: Course) -> dict[tuple[str, str], datetime]:
    """Return {(assignment, student): due date in UTC} of extensions.csv. Raises GradingError."""
    found: dict[tuple[str, str], datetime] = {}
    for n, (student, assignment, due) in enumerate(_rows(course), 2):
        try:
            time = duedates.parse(due, naive=None)
        except duedates.TimeError as error:
            raise GradingError(f"{FILE}, row {n}, {student} in {assignment}: {error}") from None
        if (assignment, student) in found:
            raise GradingError(f"{FILE}, row {n}: there is another row of {student} in {assignment}; take one out.")
        found[assignment, student] = time
    return found


def is_kept(course: Course) -> bool:
    """Tell whether extensions.csv is there: then the gradebook has no others."""
    return (course.root / FILE).is_file()


def unknown(course: Course, gradebook: Gradebook) -> Iterator[str]:
    """Return a sentence on each row of extensions.csv that names nobody, or no assignment, of an open gradebook."""
    students = {entry.id for entry in gradebook.students} | {name for _, name in course.submitted()}
    assignments = {entry.name for entry in gradebook.assignments} | {*course.assignments()}
    for n, (student, assignment, _) in enumerate(_rows(course), 2):
        if student not in students or assignment not in assignments:
            name = student if student not in students else assignment
            yield f"{FILE}, row {n}: {name} is not in the gradebook, nor in the folders. Mend that row, or take it out."


def extend(course: Course, student: str, assignment: str, due: str | None) -> None:
    """Give a student until `due`, a text with a time zone; None: no extension any more. Raises GradingError."""
    rows = _rows(course)
    kept = [row for row in rows if row[:2] != (student, assignment)]
    if due is None:
        if kept == rows:
            raise GradingError(f"{student} has no extension for {assignment} in {FILE}.")
    else:
        _check(course, student, assignment)
        try:
            duedates.parse(due, naive=None)
        except duedates.TimeError as error:
            raise GradingError(str(error)) from None
        kept.append((student, assignment, due))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *sorted(kept)])
    with whole(course.root / FILE) as path:
        path.write_text(text.getvalue(), "utf-8")


def _check(course: Course, student: str, assignment: str) -> None:
    with course.gradebook() as gradebook:
        try:
            if gradebook.find_assignment(assignment).duedate is None:
                raise GradingError(
                    f"{assignment} has no due date, so that nobody is late: `nbgrader db assignment add {assignment} "
                    f'--duedate "{duedates.EXAMPLE}"` sets one.'
                )
        except MissingEntry:
            known = ", ".join(entry.name for entry in gradebook.assignments) or "none"
            raise GradingError(f"{assignment} is no assignment of the gradebook. There is: {known}.") from None
        students = {entry.id for entry in gradebook.students} | {name for _, name in course.submitted()}
    if student not in students:
        raise GradingError(
            f"{student} is no student of the gradebook, and has handed in nothing: `grader roster FILE` enters a class."
        )


def _rows(course: Course) -> list[tuple[str, str, str]]:
    """Return [(student, assignment, due)], texts. Raises GradingError."""
    path = course.root / FILE
    if not path.is_file() or not path.read_bytes().strip():
        return []
    wrong = GradingError(
        f"{FILE} cannot be read: it is a CSV file with the headings {', '.join(COLUMNS)}, and every row has all three."
    )
    try:
        sheet = Sheet.read(path)
    except SheetError:
        raise wrong from None
    headings = [heading.casefold() for heading in sheet.headings]
    if sorted(headings) != sorted(COLUMNS) or not all(all(row) for row in sheet.rows):
        raise wrong
    student, assignment, due = (headings.index(column) for column in COLUMNS)
    return [(row[student], row[assignment], row[due]) for row in sheet.rows]
