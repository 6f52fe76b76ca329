"""`nbgrader export --exporter grader.moodle_export.MoodleExport`: grades as a CSV that Moodle imports."""

import csv
import html
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

from .export import harmless
from .feedback import points
from .moodle import MoodleError, Worksheet
from .results import CourseGrades

HEADINGS = ("Identifier", "ID number", "Email address", "Grade", "Last modified (grade)", "Feedback comments")
MAXIMUM = 10.0  # of the grades, unless Moodle's worksheet says another one


class MoodleExport(ExportPlugin):
    """One file per assignment, moodle/<assignment>.csv, with grades from 0 to 10 and comments.

    With the assignment's grading worksheet in downloaded/<assignment>/, the file is that worksheet, filled in.
    Students without a submission, or with one that is not wholly graded, keep the grade that they have.
    """

    def export(self, gradebook):
        """Write the files of all, or of the chosen, assignments to the folder `self.to`, or moodle/."""
        folder = Path(self.to or "moodle")
        folder.mkdir(parents=True, exist_ok=True)
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            try:
                sheet = Worksheet.of(self.parent.coursedir, assignment.name)
            except MoodleError as error:
                self.parent.fail(str(error))
            headings, rows = self._filled(gradebook, assignment, sheet) if sheet else self._new(gradebook, assignment)
            path = folder / f"{assignment.name}.csv"
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                writer = csv.writer(file)
                writer.writerow(headings)
                writer.writerows([cell if cell == "-" else harmless(cell) for cell in row] for row in rows)
            self.log.info("%s: %d rows", path, len(rows))

    def _filled(self, gradebook, assignment, sheet):
        """Return headings and rows of Moodle's own worksheet with grades and comments in it."""
        for row in sheet.rows:
            maximum = sheet.cell(row, "maximum").replace(",", ".")
            grade = self._grade(gradebook, assignment, sheet.student_id(row), float(maximum or MAXIMUM))
            if grade:
                row[sheet.columns["grade"]], comment = grade
                if "feedback" in sheet.columns:
                    row[sheet.columns["feedback"]] = comment
        known = {sheet.student_id(row) for row in sheet.rows}
        for submission in gradebook.assignment_submissions(assignment.name):
            if submission.student_id not in known:
                self.log.warning("%s is not in %s: left out", ascii(submission.student_id)[1:-1], sheet.path)
        return sheet.headings, [[row[heading] for heading in sheet.headings] for row in sheet.rows]

    def _new(self, gradebook, assignment):
        """Return headings and rows for all who have handed in; an id of digits only is a participant number."""
        rows = []
        for student in gradebook.students:
            grade = self._grade(gradebook, assignment, student.id, MAXIMUM)
            if grade:
                number = f"Participant {student.id}" if student.id.isdigit() else ""
                rows.append([number, "" if number else student.id, student.email or "", grade[0], "", grade[1]])
        return HEADINGS, rows

    def _grade(self, gradebook, assignment, student, maximum):
        """Return (grade with two decimals, comment as HTML), or None if there is none to give to the student."""
        if self.student and student not in map(str, self.student):
            return None
        try:
            submission = gradebook.find_submission(assignment.name, student)
        except MissingEntry:
            return None
        if submission.needs_manual_grade:
            self.log.warning("%s of %s is not wholly graded yet: left out", assignment.name, ascii(student)[1:-1])
            return None
        score = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
        comments = [self._comment(notebook.name, assignment.name, student) for notebook in submission.notebooks]
        return f"{score / (assignment.max_score or 1) * maximum:.2f}", "<br>".join(filter(None, comments))

    def _comment(self, notebook, assignment, student):
        """Return points, remarks and failures of a graded notebook, for Moodle's editor."""
        coursedir = self.parent.coursedir
        folder = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        where = {"notebook": notebook, "assignment": assignment, "student": student, "db_url": coursedir.db_url}
        try:
            nb = nbformat.read(folder / f"{notebook}.ipynb", as_version=4)
        except FileNotFoundError:
            return ""
        resources = {"nbgrader": where, "metadata": {"path": str(folder)}}
        results = CourseGrades().preprocess(nb, resources)[1]["results"]
        remarks = [results.lost and f"No se ha podido corregir: {results.lost}", results.stopped, results.note]
        lines = [f"{points(results.points)} de {points(results.max_points)} puntos.", *filter(None, remarks)]
        for exercise in results.exercises if not results.lost else ():
            said = " ".join(dict.fromkeys(part.message for part in exercise.parts if part.message and not part.stopped))
            if exercise.points < exercise.max_points:
                earned = f"{points(exercise.points)} de {points(exercise.max_points)}"
                lines.append(f"{exercise.title} ({earned}){': ' if said else ''}{said}")
        return "<br>".join(html.escape(line.replace("`", ""), quote=False) for line in lines)
