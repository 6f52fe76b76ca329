"""The end of a year: what belongs to its class goes to archive/<name>/, and the course is as new."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange.default import Exchange

from .course import Course, GradingError
from .lms.collecting import PLATFORMS
from .lms.platforms import fit
from .office.extensions import FILE
from .office.lock import STAGING, at_work
from .office.release import try_out
from .roster import DROPPED, STEPS

FOLDER = "archive"


def archive(course: Course, name: str) -> tuple[Path, list[Path]]:
    """Move the class, its gradebook and what lies in the exchange to archive/<name>/; return (folder, what was moved).

    Raises GradingError.
    """
    if not fit(name):
        raise GradingError(f"{name!r} is no name of a folder: write letters, digits and dashes, as in 2026-27.")
    if course.gradebook_file() is None:
        raise GradingError(
            "The gradebook is on a server, from which nothing is moved: begin the year in a copy of this folder, "
            "without submitted/, autograded/ and feedback/, with a new database as c.CourseDirectory.db_url in "
            "nbgrader_config.py."
        )
    folder = course.root / FOLDER / name
    if folder.exists():
        raise GradingError(f"{folder} exists: choose another name.")
    for assignment in course.taught():
        try_out(course, assignment)  # before anything moves
    with at_work(course.root / STAGING):
        moved = [path for path in _of_class(course) if path.exists()]
        exchanged = _exchanged(course)
        if not moved and not exchanged:
            raise GradingError("There is nothing to archive: nobody has handed in anything, and there is no gradebook.")
        folder.mkdir(parents=True)
        for path in moved:
            shutil.move(path, folder / path.name)
        for path in exchanged:
            (folder / "exchange").mkdir(exist_ok=True)
            shutil.move(path, folder / "exchange" / path.name)
    shutil.copy(course.root / "nbgrader_config.py", folder)
    return folder, [*moved, *exchanged]


def _of_class(course: Course) -> Iterator[Path]:
    """Yield the paths of all that belongs to a class, whether they are there or not."""
    yield from (course.root / getattr(course.coursedir, f"{step}_directory") for step in STEPS)
    gradebook = course.gradebook_file()
    assert gradebook is not None  # or `archive` has refused
    yield gradebook
    yield from sorted(course.root.glob("gradebook-*.db"))
    names = ("downloaded", DROPPED, FILE, "report.html", "grades.csv", "grades.xlsx")
    yield from (course.root / name for name in (*names, *(platform.name for platform in PLATFORMS)))


def _exchanged(course: Course) -> list[Path]:
    """Return the folders of this course in nbgrader's exchange, as nbgrader's own commands find it."""
    app = NbGrader()
    app.load_config_file()
    place = Path(Exchange(config=app.config).root) / course.coursedir.course_id
    return [place / name for name in ("inbound", "outbound", "feedback") if (place / name).is_dir()]
