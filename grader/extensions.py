"""More time for one student: extensions.csv in the course's folder, which the gradebook follows.

nbgrader has a place for an extension in a submission alone; here it can be given before anything is handed in.
"""

import contextlib
import csv
import io

from nbgrader.api import MissingEntry

from . import duedates
from .course import GradingError
from .stopping import whole

FILE = "extensions.csv"
COLUMNS = ("student", "assignment", "due")


def extensions(course):
    """Return {(assignment, student): due date in UTC} of extensions.csv. Raises GradingError."""
    return {(assignment, student): _time(due) for student, assignment, due in _rows(course)}


def extend(course, student, assignment, due):
    """Give a student until `due`, a text with a time zone; None: no extension any more. Raises GradingError."""
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
    rows = [row for row in _rows(course) if row[:2] != (student, assignment)]
    if due is None:
        _take_back(course, student, assignment)
    else:
        _time(due)
        rows.append((student, assignment, due))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *sorted(rows)])
    with whole(course.root / FILE) as part:
        part.write_text(text.getvalue(), "utf-8")


def _take_back(course, student, assignment):
    with course.gradebook() as gradebook, contextlib.suppress(MissingEntry):
        gradebook.find_submission(assignment, student).extension = None
        gradebook.db.commit()


def _rows(course):
    try:
        text = (course.root / FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        return []
    rows = [tuple(map(str.strip, row)) for row in csv.reader(text.splitlines()) if any(row)]
    if not rows or rows[0] != COLUMNS or not all(len(row) == len(COLUMNS) for row in rows):
        raise GradingError(f"{FILE} cannot be read: its columns are {', '.join(COLUMNS)}, and every row has all three.")
    return rows[1:]


def _time(text):
    try:
        return duedates.parse(text, naive=None)
    except duedates.TimeError as error:
        raise GradingError(str(error)) from None
