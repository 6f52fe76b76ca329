"""Read what a student has handed in, and have nbgrader sanitise it, in a process that may run on, grow or die."""

import functools
import json
import logging
import resource
import shutil
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbconvert.writers.files import FilesWriter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from .course import PATTERN, Course, GradingError, sentence
from .execute import CourseExecute
from .ground.bounded import within
from .ground.database import LONGEST, too_long, undisturbed
from .ground.environment import prepare
from .notebooks.submitted import stage
from .office.lock import STAGING
from .worker import end_with_parent

SECONDS = 120  # of the processor, to read what one student has handed in; a large notebook takes one or two
MEMORY_MB = 4096  # of address space, of which libraries take about a quarter


@dataclass(frozen=True)
class Stage:
    """One submission to stage; calling it returns (readable, remark, path of the sanitised notebook).

    Raises GradingError, whose message says of any error what to do.
    """

    root: Path  # of the course
    assignment: str
    student: str
    seconds = 6 * SECONDS  # real ones, after which the process is taken to hang

    def __call__(self) -> tuple[bool, str, Path]:
        course, log, converter = _tools(self.root)
        try:
            return within(SECONDS, undisturbed, _stage, course, converter, self.assignment, self.student)
        except Exception as error:
            log.exception("staging %s of %s", self.assignment, self.student)
            raise GradingError(_told(error)) from None


def start() -> None:
    """Make this process one that stages: it ends with the grader, and has no more memory than it may."""
    prepare()
    end_with_parent()
    limit = MEMORY_MB * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


@functools.cache
def _tools(root: Path) -> tuple[Course, logging.Logger, "StagedAutograde"]:
    course = Course(root)
    log = note_log(root / STAGING)
    return course, log, StagedAutograde(course, log)


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "It takes too long to read what was handed in: look at its notebook by hand."
    if isinstance(error, (MemoryError, RecursionError)):
        return "What was handed in is too large or too deep to be read: look at its notebook by hand."
    return sentence(error)


class StagedAutograde(Autograde):
    """nbgrader's Autograde in steps, within the staging folder, so that the execution can happen elsewhere."""

    def __init__(self, course: Course, log: logging.Logger) -> None:
        config = Config(course.config)
        config.CourseDirectory.submitted_directory = f"{STAGING}/submitted"
        config.CourseDirectory.autograded_directory = f"{STAGING}/autograded"
        super().__init__(coursedir=CourseDirectory(config=config), config=config, log=log)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = NotebookExporter(parent=self, config=self.config)

    def sanitise(self, assignment: str, student: str, notebook: Path) -> Path:
        """Enter the submission in the gradebook; return the path of its sanitised `notebook`."""
        self.notebooks = [str(notebook)]
        self._sanitizing = True  # says which folder is the source; `save` of another submission has changed it
        self.init_assignment(assignment, student)
        self._init_preprocessors()
        BaseConverter.convert_single_notebook(self, str(notebook))
        return Path(self.writer.build_directory) / notebook.name

    def save(self, assignment: str, student: str, notebook: Path, executed: NotebookNode) -> None:
        """Save the grades of the `executed` notebook and write it over the sanitised `notebook`."""
        self._sanitizing = False
        self._init_preprocessors()
        steps = self.exporter._preprocessors
        execution = [place for place, step in enumerate(steps) if isinstance(step, CourseExecute)]
        if len(execution) != 1:
            raise GradingError(
                "c.Autograde.autograde_preprocessors in nbgrader_config.py names grader.execute.CourseExecute "
                f"{len(execution)} times, and once is right: take that part over from this course's own file."
            )
        steps[execution[0]] = lambda nb, resources: (executed, resources)
        BaseConverter.convert_single_notebook(self, str(notebook))
        self.set_permissions(assignment, student)


def _stage(course: Course, converter: StagedAutograde, assignment: str, student: str) -> tuple[bool, str, Path]:
    if has_magic(student):  # it could be graded, but nbgrader would leave out its feedback without a word
        raise GradingError(PATTERN.format(what="name of the student", name=student))
    released = course.folder("release", assignment) / f"{assignment}.ipynb"
    with course.gradebook() as gradebook:
        if long := too_long(gradebook, [student, assignment]):
            raise GradingError(f"The gradebook takes names of up to {LONGEST} characters: rename the folder {long[0]}.")
    copy = Path(converter.coursedir.format_path(converter.coursedir.submitted_directory, student, assignment))
    shutil.rmtree(course.root / STAGING / "autograded" / student / assignment, ignore_errors=True)
    readable, remark = stage(course.folder("submitted", assignment, student), copy, assignment, released)
    notebook = converter.sanitise(assignment, student, copy / f"{assignment}.ipynb")
    repairs = json.loads(notebook.read_text("utf-8"))["metadata"].get("grader", {}).get("remark", "")
    return readable, " ".join(filter(None, [remark, repairs])), notebook


class _PlainFormatter(logging.Formatter):
    """Shows escape codes, in the names of students' files for example, instead of passing them to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in super().format(record))


def note_log(staging: Path, mode: str = "a") -> logging.Logger:
    """Return a logger that writes to nbgrader.log in the folder `staging`."""
    log = logging.Logger("grader")
    if mode == "w":
        (staging / "nbgrader.log").unlink(missing_ok=True)  # all processes append to it
    handler = logging.FileHandler(staging / "nbgrader.log", encoding="utf-8")
    handler.setFormatter(_PlainFormatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    return log
