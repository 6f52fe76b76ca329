"""Late work: how many points it costs, by the settings of c.LatePolicy, with a grace and extensions for students.

A day ends at the hour of the due date on the clocks of the course: across a change to summer time it has 23 hours.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import dateutil.tz
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy.orm import selectinload
from traitlets import Float, Unicode, validate
from traitlets.config import LoggingConfigurable

from ..course import Course
from .extensions import extensions, is_kept

LATE = f"{__name__}.LatePenalties"  # in nbgrader_config.py


class LatePolicy(LoggingConfigurable):
    """What late work costs: a share of the points earned, for each day begun."""

    percent_per_day = Float(0.0, min=0.0, max=100.0, help="Of the points earned; 0: nothing.").tag(config=True)
    most_percent = Float(100.0, min=0.0, max=100.0, help="However late it is.").tag(config=True)
    grace_minutes = Float(0.0, min=0.0, help="After the due date that count as in time.").tag(config=True)
    timezone = Unicode("Europe/Madrid", help="Of the clocks by which days are counted.").tag(config=True)

    @validate("timezone")
    def _is_zone(self, proposal: dict[str, str]) -> str:
        if not proposal["value"] or dateutil.tz.gettz(proposal["value"]) is None:
            raise ValueError("it is no time zone: write it as 'Europe/Madrid'.")
        return proposal["value"]

    def days(self, due: datetime | None, time: datetime | None) -> int:
        """Return how many days late a `time` is, each begun one counted. due, time: datetimes in UTC, or None."""
        zone, grace = dateutil.tz.gettz(self.timezone), timedelta(minutes=self.grace_minutes)
        if due is None or time is None or time <= due + grace:
            return 0
        on_clock = due.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        days = max((time - due - grace) // timedelta(days=1) - 1, 1)  # not more than it can be
        while time > _in_utc(on_clock + timedelta(days=days), zone) + grace:
            days += 1
        return days

    def penalty(self, points: float, due: datetime | None, time: datetime | None) -> float:
        """Return the points that are taken off `points` for handing in at `time`."""
        return max(points, 0.0) * min(self.percent_per_day * self.days(due, time), self.most_percent) / 100

    def seconds(self, submission: Any) -> float:
        """Return by how many seconds a submission of the gradebook is late, 0 within the grace."""
        late = submission.total_seconds_late
        return late if late > 60 * self.grace_minutes else 0.0


def _in_utc(clock: datetime, zone: tzinfo | None) -> datetime:
    """Return a time on the clocks of a zone in UTC: the later one, where there are two, or none."""
    time = dateutil.tz.enfold(dateutil.tz.resolve_imaginary(clock.replace(tzinfo=zone)), 1)
    return time.astimezone(UTC).replace(tzinfo=None)


class LatePenalties(NbGraderPreprocessor):
    """In the place of nbgrader's AssignLatePenalties: by c.LatePolicy, and with the extensions of extensions.csv."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return `nb` and `resources` as they are; the penalty is in the gradebook then."""
        where = resources["nbgrader"]
        course = Course(CourseDirectory(parent=self).root)
        with Gradebook(where["db_url"]) as gradebook:
            _update(gradebook, course, [gradebook.find_submission(where["assignment"], where["student"])])
        return nb, resources


def refresh(course: Course) -> None:
    """Bring extensions and penalties in the gradebook to what due dates, points and settings say today."""
    if LATE in course.config.Autograde.get("autograde_preprocessors", ()):
        of_notebooks = selectinload(SubmittedAssignment.notebooks).undefer(SubmittedNotebook.score)  # all in one query
        with course.gradebook() as gradebook:
            _update(gradebook, course, gradebook.db.query(SubmittedAssignment).options(of_notebooks).all())


def _update(gradebook: Gradebook, course: Course, submissions: Iterable[Any]) -> None:
    policy, later, complete = LatePolicy(config=course.config), extensions(course), is_kept(course)
    for submission in submissions:
        due = submission.assignment.duedate
        new = later.get((submission.assignment.name, submission.student_id))
        if due is None or (new is None and complete):  # nbgrader cannot add to no due date
            extension = None
        else:
            extension = submission.extension if new is None else new - due
        if submission.extension != extension:
            submission.extension = extension
        for notebook in submission.notebooks:
            penalty = policy.penalty(notebook.score, submission.duedate, submission.timestamp) or None
            if notebook.late_submission_penalty != penalty:
                notebook.late_submission_penalty = penalty
    gradebook.db.commit()
