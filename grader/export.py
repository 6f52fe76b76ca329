"""`nbgrader export` to what a spreadsheet reads as it is meant, and no text taken for a formula: CSV, quoted, or a
workbook (.xlsx), which opens the same in all languages."""

import csv
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from .course import Course, GradingError
from .ground.text import printable
from .office.freshness import facts, worth
from .office.late import refresh
from .office.sheets import harmless
from .pages.standing import MISSING, UNGRADED, Standing, read_standing
from .pages.totals import Settings, report_settings, total
from .pages.wording import wording

COLUMNS = """
    assignment duedate timestamp student_id last_name first_name email
    raw_score late_submission_penalty score max_score
""".split()
WORKBOOK = ".xlsx"
OTHERS = (".xls", ".xlsm", ".xlsb", ".ods")  # of spreadsheets, too
WIDEST = 40  # characters of a column
_Told = tuple[Mapping[str, float], Collection[str]]  # points by grade id, and grade ids of tests that broke


class QuotedCsvExport(ExportPlugin):
    """The columns of nbgrader's own CSV export, as UTF-8 that spreadsheets recognise; in a workbook, if `self.to` is
    one, with a sheet of one row per student."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades of all, or of the chosen, assignments and students to `self.to`, or grades.csv."""
        target = Path(self.to or "grades.csv")
        if target.suffix.lower() in OTHERS:
            self.parent.fail(
                f"No grades are written to {target}: let the name end in .xlsx, for a workbook, or in .csv."
            )
        chosen = [str(name) for name in self.assignment], [str(name) for name in self.student]
        try:
            course = Course(self.parent.coursedir.root)
            course.coursedir = self.parent.coursedir  # with what the command line says of it
            refresh(course)
            if target.suffix.lower() == WORKBOOK:
                write_workbook(course, gradebook, target, *chosen)
            else:
                rows = _rows(gradebook, *chosen, lambda *pair: _told(facts(course, *pair)))
                if not rows:
                    raise GradingError(f"the gradebook of {course.root} has no assignments, or no students.")
                table = [COLUMNS, *(map(harmless, row) for row in rows)]
                with target.open("w", newline="", encoding="utf-8-sig") as file:
                    csv.writer(file).writerows(table)
        except GradingError as error:
            self.parent.fail(f"No grades are written: {error}")
        except OSError as error:
            self.parent.fail(
                f"{target} cannot be written: {error.strerror}. Close it where it is open, or choose another with --to."
            )


def write_workbook(
    course: Course,
    gradebook: Gradebook,
    target: Path,
    assignments: Collection[str] = (),
    students: Collection[str] = (),
) -> None:
    """Write a workbook of two sheets: all grades, as in the CSV, and one row per student with the totals of the report.

    target: a Path; assignments, students: those chosen, or all. Raises GradingError, and OSError.
    """
    import pandas as pd  # which the CSV does without

    _, words = wording(course)
    standing = read_standing(course, assignments)
    told = {(r.assignment, r.student): (r.max_points, r.broken) for r in standing.records}
    headings, by_student = _by_student(standing, report_settings(course), gradebook, students, words.gettext)
    grades = _rows(gradebook, assignments, students, lambda *pair: told.get(pair, ({}, [])))
    sheets = {
        words.gettext("Students"): pd.DataFrame(by_student, columns=headings),
        words.gettext("Grades"): pd.DataFrame(grades, columns=COLUMNS),
    }
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for name, table in sheets.items():
            table.columns = list(map(_in_workbook, table.columns))
            table.map(_in_workbook).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0), autofilter=True)
            for column in writer.sheets[name].columns:
                width = max(len(str(cell.value or "")) for cell in column)
                writer.sheets[name].column_dimensions[column[0].column_letter].width = min(width, WIDEST) + 3
                if column[0].value == words.gettext("Total"):
                    for cell in column[1:]:
                        cell.number_format = "0.0%"


def _by_student(
    standing: Standing, settings: Settings, gradebook: Gradebook, students: Collection[str], word: Callable[[str], str]
) -> tuple[list[str], list[list[Any]]]:
    """Return (headings, rows) of one row per student. word: gettext."""
    known = {student.id: (student.last_name, student.first_name, student.email) for student in gradebook.students}
    names = list(standing.max_points)
    rows = []
    for student in [*known, *(student for student in standing.students if student not in known)]:
        if students and student not in students:
            continue
        records = {record.assignment: record for record in standing.records if record.student == student}
        final = {name for name, record in records.items() if record.is_graded and not record.broken}
        points = [records[name].points if name in final else None for name in names]
        counts = [
            sum(record.state == MISSING for record in records.values()),
            sum(record.state == UNGRADED for record in records.values()),
            sum(bool(record.pending) for record in records.values()),
            sum(bool(record.broken) for record in records.values()),
            sum(record.seconds_late > 0 for record in records.values()),
        ]
        rows.append(
            [student, *known.get(student, [None] * 3), *points, total(list(records.values()), settings), *counts]
        )
    headings = [*COLUMNS[3:7], *names, *map(word, ("Total", "missing", "not graded", "by hand", "test broke", "late"))]
    return headings, rows


def _told(facts: Mapping[str, Any]) -> _Told:
    return facts.get("points", {}), facts.get("broken", [])


def _rows(
    gradebook: Gradebook, assignments: Collection[str], students: Collection[str], told: Callable[[str, str], _Told]
) -> list[tuple[Any, ...]]:
    """Return a row of COLUMNS for each of the chosen, or of all, assignments and students.

    told: a function from an assignment and a student to {grade_id: points} as they were when it was graded, or {}, and
    the grade ids of hidden tests that broke: then there is no grade yet.
    """
    return [
        _row(gradebook, assignment, student, told)
        for assignment in gradebook.assignments
        if assignment.name in (assignments or [assignment.name])
        for student in gradebook.students
        if student.id in (students or [student.id])
    ]


def _row(gradebook: Gradebook, assignment: Any, student: Any, told: Callable[[str, str], _Told]) -> tuple[Any, ...]:
    raw: float | None
    penalty: float | None
    duedate, timestamp, raw, penalty, most = assignment.duedate, "", 0.0, 0.0, assignment.max_score
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        duedate = duedate and submission.duedate  # with the student's own extension
        timestamp = submission.timestamp
        points, broken = told(assignment.name, student.id)
        raw, penalty = (None, None) if broken else (submission.score, submission.late_submission_penalty)
        most = worth(submission, points)
    except MissingEntry:  # nothing handed in: no points
        pass
    person = (student.id, student.last_name, student.first_name, student.email)
    score = None if raw is None else max(0.0, raw - (penalty or 0.0))
    return (assignment.name, duedate, timestamp, *person, raw, penalty, score, most)


def _in_workbook(value: object) -> datetime | float | str | None:
    """Return what stands in the cell of a workbook, which holds times, but no character that cannot be shown."""
    value = value if isinstance(value, datetime) else harmless(value)
    return printable(value) if isinstance(value, str) else value
