"""The course in a folder: its configuration, its folders, its gradebook, and what it says of errors in these."""

import contextlib
import errno
import os
from collections.abc import Collection
from glob import has_magic
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DBAPIError
from traitlets import TraitError

from .ground.database import FULL_DISK, UNUSABLE, cause, database_sentence, is_lost
from .ground.targets import filled
from .ground.text import printable
from .kernel.slot import STACK
from .settings import SettingError, read_settings

SQLITE = "sqlite:///"
PATTERN = "The {what}, {name}, has one of * ? [ in it, which nbgrader takes for a pattern: rename the folder."


class GradingError(Exception):
    """What the instructor must mend; the message says how."""


class GradebookLost(GradingError):
    """The server of the gradebook is out of reach: nothing more can be graded."""


class Key(NamedTuple):
    """Which submission: of what, and whose."""

    assignment: str
    student: str


class Course:
    """The course in folder `root`, as its nbgrader_config.py describes it."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        if has_magic(str(self.root.absolute())):
            raise GradingError(PATTERN.format(what="path of the course", name=self.root.absolute()))
        try:
            self.config = read_settings(self.root)
        except SettingError as error:
            raise GradingError(str(error)) from None
        try:
            self.coursedir = CourseDirectory(config=self.config)
        except TraitError as error:
            raise GradingError(f"nbgrader_config.py, c.CourseDirectory: {error}") from None

    @property
    def edition(self) -> str:
        """Return the edition that is taught, as "es": the folder below source/."""
        return Path(self.coursedir.source_directory).name

    @property
    def outcomes(self) -> Path:
        """Return the folder of the known-outcome submissions."""
        return self.root / "outcomes" / self.edition

    def folder(self, step: str, assignment: str, student: str = ".") -> Path:
        """Return the folder of a step, as "submitted" or "release", of an assignment, and of a student if need be."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), student, assignment))

    def source(self, assignment: str) -> nbformat.NotebookNode:
        """Return the instructor's notebook of an assignment, its targets filled in."""
        return filled(nbformat.read(self.folder("source", assignment) / f"{assignment}.ipynb", as_version=4))

    def assignments(self) -> list[str]:
        """Return the names of the assignments in the source folder."""
        return sorted(path.name for path in self.folder("source", ".").glob("[!.]*") if path.is_dir())

    def taught(self) -> list[str]:
        """Return the names of the assignments that are taught: c.Course.taught, or all in the source folder. Raises
        GradingError."""
        there, wanted = self.assignments(), self.config.Course.get("taught", ())
        names = isinstance(wanted, list | tuple) and all(isinstance(name, str) for name in wanted)
        if not names or len({*wanted}) < len(wanted):
            raise GradingError(
                "c.Course.taught in nbgrader_config.py is no list of names, each once: write it as "
                f"{there[:2] or ['neuron']!r}, or [] for all of source/."
            )
        if unknown := [name for name in wanted if name not in there]:
            raise GradingError(
                f"c.Course.taught in nbgrader_config.py names {', '.join(unknown)}, which is no folder of "
                f"{self.folder('source', '.')}. There is: {', '.join(there) or 'nothing'}."
            )
        return [name for name in wanted or there]

    def hidden(self) -> dict[str, bytes]:
        """Return {name: bytes} of the files that hidden tests read."""
        folder = self.root / "data" / "hidden"
        return {file.name: file.read_bytes() for file in sorted(folder.glob("*")) if file.is_file()}

    def preload(self) -> tuple[str, ...]:
        """Return the names of the modules that are imported before notebooks run, as the configuration says."""
        return tuple(self.config.CourseExecute.get("preload", STACK))

    def gradebook(self) -> Any:
        """Return the gradebook, to be opened with `with`. Raises GradingError, or a DBAPIError of SQLAlchemy."""
        try:
            return Gradebook(self.coursedir.db_url, self.coursedir.course_id)
        except UNUSABLE as error:
            raise GradingError(database_sentence(error)) from None

    def gradebook_file(self) -> Path | None:
        """Return the path of the gradebook, None if it is on a server."""
        address = self.coursedir.db_url
        return Path(address.removeprefix(SQLITE)) if address.startswith(SQLITE) else None

    def submitted(self) -> list[Key]:
        """Return the Keys of all submitted folders."""
        return sorted(self.folders("submitted"))

    def folders(self, step: str) -> set[Key]:
        """Return the Keys of the folders of a step, as "autograded"."""
        folders = (self.root / getattr(self.coursedir, f"{step}_directory")).glob("[!.]*/[!.]*")
        return {Key(folder.name, folder.parent.name) for folder in folders if _is_folder(folder)}

    def closed(self) -> list[Path]:
        """Return the students' submitted folders that cannot be looked into."""
        folders = (self.root / self.coursedir.submitted_directory).glob("[!.]*")
        return sorted(path for path in folders if path.is_dir() and not os.access(path, os.R_OK | os.X_OK))

    def withdrawn(self, assignments: Collection[str] = (), students: Collection[str] = ()) -> list[str]:
        """Return ["student/assignment"] of those, or all, that are graded and no longer in the submitted folder."""
        there: set[Key] = set(self.submitted())
        known: list[Key] = []
        with contextlib.suppress(DBAPIError), self.gradebook() as gradebook:  # of its errors, grading tells
            known = [Key(a.name, s.student.id) for a in gradebook.assignments for s in a.submissions]
        known = [key for key in known if self.folder("autograded", key.assignment, key.student).is_dir()]
        wanted = {
            key
            for key in known
            if (not assignments or key.assignment in assignments) and (not students or key.student in students)
        }
        return sorted(printable(f"{student}/{assignment}") for assignment, student in wanted - there)

    def submissions(self, assignments: Collection[str] = (), students: Collection[str] = ()) -> list[Key]:
        """Return the Keys of the submitted folders, all or those named. Raises GradingError."""
        submitted = self.root / self.coursedir.submitted_directory
        found = self.submitted()
        for wanted, what in ((assignments, "assignment"), (students, "student")):
            missing = sorted(set(wanted) - {getattr(key, what) for key in found})
            if missing:
                known = ", ".join(sorted({getattr(key, what) for key in found})) or "none"
                raise GradingError(f"No submission of {what} {', '.join(missing)} in {submitted}. There is: {known}.")
            found = [key for key in found if not wanted or getattr(key, what) in wanted]
        if not found:
            raise GradingError(f"No submissions in {submitted}: put them at <student>/<assignment>/<assignment>.ipynb.")
        return found


def _is_folder(path: Path) -> bool:
    with contextlib.suppress(OSError):  # in a folder that may not be entered: `closed` has it
        return path.is_dir()
    return False


def sentence(error: BaseException) -> str:
    """Return what to say of an error in grading one submission. Raises GradebookLost where all others fail too."""
    if isinstance(error, GradebookLost):
        raise error
    if is_lost(error):
        raise GradebookLost(database_sentence(cause(error))) from None
    if isinstance(error, GradingError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL_DISK
    if isinstance(error, UnicodeError):
        return f"A name in it is no text (UTF-8): rename the student's folder or the file. {error}"
    error = cause(error)
    if isinstance(error, DBAPIError):
        return database_sentence(error)
    return f"{type(error).__name__}: {error}"
