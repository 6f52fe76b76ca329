"""`nbgrader export` to CSV that a spreadsheet reads as it is meant: quoted, and no cell taken for a formula."""

import csv
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet compute a cell


class QuotedCsvExport(ExportPlugin):
    """The columns of nbgrader's own CSV export, as UTF-8 that spreadsheets recognise."""

    def export(self, gradebook):
        """Write the grades of all, or of the chosen, assignments and students to `self.to`, or grades.csv."""
        with Path(self.to or "grades.csv").open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if assignment.name in (self.assignment or [assignment.name]) and (
                        student.id in (self.student or [student.id])
                    ):
                        writer.writerow(map(harmless, _row(gradebook, assignment, student)))


def _row(gradebook, assignment, student):
    timestamp, raw, penalty = "", 0.0, 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        timestamp, raw, penalty = submission.timestamp, submission.score, submission.late_submission_penalty
    except MissingEntry:  # nothing handed in: no points
        pass
    person = (student.id, student.last_name, student.first_name, student.email)
    score = max(0.0, raw - (penalty or 0.0))
    return (assignment.name, assignment.duedate, timestamp, *person, raw, penalty, score, assignment.max_score)


def harmless(value):
    """Return what stands in the cell for `value`: numbers as they are, text never as a formula."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
