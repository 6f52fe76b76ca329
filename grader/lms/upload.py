"""Grades and feedback in the form in which the platform takes them back: for `grader grades` and `nbgrader export`."""

import html
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from ..course import Course
from ..office.freshness import facts, waiting_cells, work_digest, worth
from ..office.late import refresh
from ..office.sheets import Sheet, SheetError, write
from ..pages.feedback import points
from ..pages.results import CourseGrades, Results
from .collecting import MOODLE, collected, platform_of, sheet_of
from .moodle import comment_of
from .platforms import Filled, Person, Platform

ANY_ZONE = "UTC"  # of times of handing in, which are of no use here
MAXIMUM = 10.0  # of the grades, unless the platform's file says another one
STALE = (
    "Left out, other work than was graded lies in submitted/: {names}. `grader autograde {assignment}` grades it, and "
    "`nbgrader generate_feedback {assignment}` makes the pages."
)
HEADINGS = ("ID number", "Email address", "Grade", "Feedback comments")


@dataclass
class Grade:
    """What a student has got: points, of how many, and a comment as HTML."""

    points: float
    max_points: float
    comment: str

    def of(self, maximum: float | None = None) -> str:
        """Return the grade with two decimals. maximum: that of the platform, by default 10; none takes more."""
        return f"{min(self.points / (self.max_points or 1), 1) * (maximum or MAXIMUM):.2f}"


@dataclass
class Upload:
    """A file that has been written. remarks: what has to be said of it; left_out: that some grades are not in it."""

    path: Path
    platform: str
    students: list[str]
    remarks: list[str]
    left_out: bool


class Uploads:
    """Makes the files of one Course. gradebook: open; folder: of the files, by default one named after the platform."""

    def __init__(self, course: Course, gradebook: Gradebook, folder: str | Path | None = None) -> None:
        self.course, self.gradebook, self.folder = course, gradebook, folder

    def grades(self, assignment: str, students: Collection[str] | None = None, column: str | None = None) -> Upload:
        """Write the platform's own CSV file with the grades of an assignment in it; without one, a list of grades for
        the course's gradebook. Returns Upload. Raises SheetError."""
        sheet = sheet_of(self.course.root, assignment)
        refresh(self.course)
        grades, waiting, stale, broken = self._grades(assignment, students)
        origin, keys = collected(self.course.root, assignment)
        remarks = []
        more = sorted(student for student, grade in grades.items() if grade.points > grade.max_points)
        if more:
            remarks.append(
                f"With extra credit over the maximum, which no platform takes, so it is cut: {', '.join(more)}."
            )
        if waiting:
            remarks.append(f"Left out, not wholly graded yet: {', '.join(waiting)}. Grade the rest in the formgrader.")
        if stale:
            remarks.append(STALE.format(names=", ".join(stale), assignment=assignment))
        if broken:
            remarks.append(
                f"Left out, since a hidden test broke, which is no fault of theirs: {', '.join(broken)}. `grader "
                f"autograde {assignment}` says which."
            )
        if sheet is None:
            if origin not in (None, MOODLE.name):
                raise SheetError(
                    f"{assignment} was collected from {origin}: put its own file of grades in "
                    f"downloaded/{assignment}/, in which to fill them in."
                )
            filled, unfilled = self._list(grades, keys)
            name = MOODLE.name
        else:
            platform = platform_of(sheet, ())
            assert platform is not None  # for a sheet of none it raises SheetError
            name = platform.name
            people = self._people(platform, sheet, grades, keys, assignment)
            filled = platform.fill(sheet, people, grades, assignment, column)
            known = {person.student for person in people} | {person.key for person in people if person.key.isdigit()}
            unfilled = [student for student in grades if student not in known]
            if unfilled:
                remarks.append(f"Not in {sheet.path}, so left out: {', '.join(sorted(unfilled))}.")
        remarks += filled.remarks
        if filled.unchanged:
            remarks.append(f"{len(filled.unchanged)} have this grade there already, and no row here.")
        path = Path(self.folder or self.course.root / name) / f"{assignment}.csv"
        if not filled.students and path.is_file():  # or it would be uploaded as today's
            path.unlink()
            remarks.append(f"The older {path} has been removed, since what it says is no longer so or there already.")
        if not filled.students and not filled.unchanged:
            why = (
                " ".join(remarks) or f"nobody has a grade in {assignment}: `grader autograde {assignment}` gives them."
            )
            raise SheetError(f"{assignment}: no grade can be filled in. {why}")
        if filled.students:
            write(path, filled.headings, filled.rows)
        left_out = bool(waiting or stale or broken or unfilled) or any(
            remark.startswith("Left out") for remark in filled.remarks
        )
        return Upload(path, name, filled.students, remarks, left_out)

    def feedback(self, assignment: str) -> Upload:
        """Write the archive of feedback pages that Moodle takes. Returns Upload. Raises SheetError."""
        platform, keys = collected(self.course.root, assignment)
        sheet = sheet_of(self.course.root, assignment)
        if sheet is not None and MOODLE.owns(sheet):
            people = MOODLE.people(sheet, ANY_ZONE)
            keys = self._keys_in(people, keys)
        elif platform != MOODLE.name:
            raise SheetError(
                f"Nothing says who is which of Moodle's participants: put the grading worksheet of {assignment} in "
                f"downloaded/{assignment}/."
            )
        pages: dict[str, Path] = {}
        without, stale = [], []
        for student, key in sorted(keys.items()):
            page = self.course.folder("feedback", assignment, student) / f"{assignment}.html"
            if page.is_file() and self._is_stale(assignment, student, facts(self.course, assignment, student)):
                stale.append(student)
            elif page.is_file():
                pages[key] = page
            elif student in self._handed_in(assignment):
                without.append(student)
        if not pages:
            raise SheetError(
                f"There is no feedback page of {assignment}: `nbgrader generate_feedback {assignment}` makes them."
            )
        path = Path(self.folder or self.course.root / MOODLE.name) / f"{assignment}-feedback.zip"
        MOODLE.feedback(path, pages, f"{assignment}.html")
        remarks = [STALE.format(names=", ".join(stale), assignment=assignment)] if stale else []
        if without:
            remarks.append(
                f"Without a feedback page, so left out: {', '.join(without)}. `nbgrader generate_feedback "
                f"{assignment}` makes those of who is graded."
            )
        return Upload(path, MOODLE.name, sorted(pages), remarks, bool(without or stale))

    def _people(
        self, platform: Platform, sheet: Sheet, grades: Mapping[str, Grade], keys: Mapping[str, str], assignment: str
    ) -> list[Person]:
        """Return the Persons of the platform's file by the ids that the course has for them. Raises SheetError."""
        people = platform.people(sheet, ANY_ZONE)
        by_key = {key.casefold(): student for student, key in keys.items()}
        for person in people:  # the name under which they were collected, or, of before there was a file, their key
            named = by_key.get(person.key.casefold())
            if named and (named in grades or person.student in by_key.values()):
                person.student = named
            elif not named and person.student in by_key.values():
                person.student = ""  # it is somebody else's name
            if person.student not in grades and person.key in grades and person.key not in by_key.values():
                person.student = person.key
        if grades and not any(person.student in grades for person in people):
            raise SheetError(
                f"None of those who have a grade in {assignment} is in {sheet.path}: it belongs to another "
                "assignment or course, or they were collected without it. Download the file of this one, and "
                "collect again."
            )
        if keys and not by_key.keys() & {person.key.casefold() for person in people}:
            raise SheetError(
                f"Nobody of whom {assignment} was collected is in {sheet.path}: it belongs to another assignment. "
                "Put the one of this assignment in its place."
            )
        return people

    def _keys_in(self, people: Iterable[Person], keys: Mapping[str, str]) -> dict[str, str]:
        return {**{person.student: person.key for person in people}, **keys}

    def _handed_in(self, assignment: str) -> set[str]:
        return {submission.student.id for submission in self.gradebook.assignment_submissions(assignment)}

    def _list(self, grades: Mapping[str, Grade], keys: Mapping[str, str]) -> tuple[Filled, list[str]]:
        """Return Filled by ID number or e-mail address, for the gradebook of the course, and who cannot be in it."""
        filled = Filled(list(HEADINGS), [])
        unfilled: list[str] = []
        for student, grade in sorted(grades.items()):
            if keys.get(student) == student and student.isdigit():
                unfilled.append(student)
                continue
            email = self.gradebook.find_student(student).email or (student if "@" in student else "")
            filled.rows.append(["" if "@" in student else student, email, grade.of(), comment_of(grade)])
            filled.students.append(student)
        if unfilled:
            filled.remarks.append(
                f"Left out: of {len(unfilled)} students only Moodle's participant numbers are known "
                f"({', '.join(unfilled[:10])}{', …' if len(unfilled) > 10 else ''}). Put the assignment's grading "
                "worksheet in downloaded/ and run this again: it is filled in."
            )
        return filled, unfilled

    def _grades(
        self, assignment: str, students: Collection[str] | None
    ) -> tuple[dict[str, Grade], list[str], list[str], list[str]]:
        """Return {student: Grade} of those who have one, the students who wait for one to be given by hand, those of
        whom other work lies in submitted/ than was graded, and those for whom a hidden test broke."""
        try:
            self.gradebook.find_assignment(assignment)
        except MissingEntry:
            raise SheetError(
                f"{assignment} is no assignment of this gradebook. There are: "
                f"{', '.join(a.name for a in self.gradebook.assignments) or 'none'}."
            ) from None
        grades: dict[str, Grade] = {}
        waiting, stale, broken = [], [], []
        for submission in self.gradebook.assignment_submissions(assignment):
            student = submission.student.id
            if students and student not in students:
                continue
            then = facts(self.course, assignment, student)
            if self._is_stale(assignment, student, then):
                stale.append(student)
                continue
            waits, broke = waiting_cells(submission, then.get("points", {})), then.get("broken")
            if waits:
                waiting.append(student)
            if broke:  # maybe both: each is to be mended
                broken.append(student)
            if waits or broke:
                continue
            score = max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
            comments = [self._comment(notebook.name, assignment, student) for notebook in submission.notebooks]
            most = worth(submission, then.get("points", {}))
            grades[student] = Grade(score, most, "<br>".join(filter(None, comments)))
        return grades, sorted(waiting), sorted(stale), sorted(broken)

    def _is_stale(self, assignment: str, student: str, then: Mapping[str, Any]) -> bool:
        """Tell whether other work than was graded lies in submitted/: newer, or another's who was called so before.
        then: the facts of the graded notebook."""
        submitted = self.course.folder("submitted", assignment, student)
        graded = then.get("work")
        return graded is not None and submitted.is_dir() and graded != work_digest(submitted)

    def _comment(self, notebook: str, assignment: str, student: str) -> str:
        """Return points, remarks and failures of a graded notebook, for an editor of HTML."""
        folder = self.course.folder("autograded", assignment, student)
        database = self.course.coursedir.db_url
        where = {"notebook": notebook, "assignment": assignment, "student": student, "db_url": database}
        try:
            nb = nbformat.read(folder / f"{notebook}.ipynb", as_version=4)
        except FileNotFoundError:
            return ""
        resources = {"nbgrader": where, "metadata": {"path": str(folder)}}
        results: Results = CourseGrades(config=self.course.config).preprocess(nb, resources)[1]["results"]
        remarks = [results.lost and f"No se ha podido corregir: {results.lost}", results.stopped, results.note]
        lines = [f"{points(results.points)} de {points(results.max_points)} puntos.", *filter(None, remarks)]
        for exercise in results.exercises if not results.lost else ():
            said = " ".join(dict.fromkeys(part.message for part in exercise.parts if part.message and not part.stopped))
            if exercise.points < exercise.max_points:
                earned = f"{points(exercise.points)} de {points(exercise.max_points)}"
                lines.append(f"{exercise.title} ({earned}){': ' if said else ''}{said}")
        return "<br>".join(html.escape(line.replace("`", ""), quote=False) for line in lines)
