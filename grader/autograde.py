"""Grade a class: nbgrader's own autograde, with its executing part spread over worker processes.

Everything that touches gradebook.db happens in this process. A submission is staged below `.grading/`, sanitised by
nbgrader, executed by a worker (a pure function of notebook, files and limits), its grades saved by nbgrader, and
only then moved into `autograded/`: that move is what makes it graded. Killed at any moment, a re-run grades what
has not been moved and changes nothing else.
"""

import contextlib
import errno
import fcntl
import json
import logging
import os
import shutil
import traceback
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.writers import FilesWriter
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError
from traitlets.config import Config, PyFileConfigLoader

from .bounded import within
from .crew import WorkerError
from .execute import working_files
from .freshness import NEW, OLDER, OUTDATED, facts, freshness, grading_digest, work_digest
from .release import lock
from .sandbox import Limits
from .submitted import stage
from .worker import Task

STAGING = ".grading"
EXECUTE = "grader.execute.CourseExecute"
STAGE_SECONDS = 120  # of the processor, to read what one student has handed in; a large notebook takes one or two
FULL_DISK = "The disk is full: make room, then run the same command again. What is graded stays."
_PATTERN = "The {what}, {name}, has one of * ? [ in it, which nbgrader takes for a pattern: rename the folder."


class GradingError(Exception):
    """What the instructor must mend before anything can be graded; the message says how."""


@dataclass
class Outcome:
    """What became of one submission. state: graded, stopped (a limit was hit), unreadable, failed, skipped, or outdated
    (graded with an older release, and left so)."""

    assignment: str
    student: str
    state: str
    detail: str = ""
    score: float | None = None
    max_score: float | None = None
    seconds_late: float = 0.0
    seconds: float = 0.0
    memory_mb: float = 0.0
    executions: int = 0  # 2: once more, whole, because points were lost with cells left out


class Course:
    """The course in folder `root`, as its nbgrader_config.py describes it."""

    def __init__(self, root):
        self.root = Path(root)
        if has_magic(str(self.root.absolute())):
            raise GradingError(_PATTERN.format(what="path of the course", name=self.root.absolute()))
        self.config = self._config()
        self.coursedir = CourseDirectory(config=self.config)

    def _config(self):
        try:
            with contextlib.chdir(self.root):
                config = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        except (Exception, SystemExit) as error:
            lines = [e.lineno for e in traceback.extract_tb(error.__traceback__) if e.filename.endswith("_config.py")]
            line = f", line {lines[-1]}" if lines else ""
            said = f"{type(error).__name__}: {error}"
            raise GradingError(f"nbgrader_config.py cannot be read{line}: {said}. Mend it first.") from None
        if EXECUTE not in config.Autograde.get("autograde_preprocessors", ()):
            raise GradingError(
                f"nbgrader_config.py in {self.root} does not set {EXECUTE} among c.Autograde.autograde_preprocessors: "
                "nothing would be graded in the sandbox. Take over that part of this course's own nbgrader_config.py."
            )
        limits = config.CourseExecute.get("limits")
        try:
            Limits(**limits)
            if not all(isinstance(value, (int, float)) and value > 0 for value in limits.values()):
                raise TypeError("they are positive numbers")
        except TypeError as error:
            raise GradingError(
                f"c.CourseExecute.limits in nbgrader_config.py cannot be used ({error}): it is one dict of numbers, "
                "whole, as in this course's own nbgrader_config.py."
            ) from None
        return config

    def folder(self, step, student, assignment):
        """Return the folder of a step, as "submitted" or "release", of a student's assignment."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), student, assignment))

    def source(self, assignment):
        """Return the instructor's notebook of an assignment."""
        return nbformat.read(self.folder("source", ".", assignment) / f"{assignment}.ipynb", as_version=4)

    def assignments(self):
        """Return the names of the assignments in the source folder."""
        return sorted(path.name for path in self.folder("source", ".", ".").glob("[!.]*") if path.is_dir())

    def hidden(self):
        """Return {name: bytes} of the files that hidden tests read."""
        folder = self.root / "data" / "hidden"
        return {file.name: file.read_bytes() for file in sorted(folder.glob("*")) if file.is_file()}

    def gradebook(self):
        """Return the gradebook, to be opened with `with`."""
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)

    def submitted(self):
        """Return [(assignment, student)] of all submitted folders."""
        folders = (self.root / self.coursedir.submitted_directory).glob("[!.]*/[!.]*")
        return sorted((folder.name, folder.parent.name) for folder in folders if _is_folder(folder))

    def closed(self):
        """Return the students' submitted folders that cannot be looked into."""
        folders = (self.root / self.coursedir.submitted_directory).glob("[!.]*")
        return sorted(path for path in folders if path.is_dir() and not os.access(path, os.R_OK | os.X_OK))

    def submissions(self, assignments=(), students=()):
        """Return [(assignment, student)] of the submitted folders, all or those named. Raises GradingError."""
        submitted = self.root / self.coursedir.submitted_directory
        found = self.submitted()
        for wanted, place, what in ((assignments, 0, "assignment"), (students, 1, "student")):
            missing = sorted(set(wanted) - {pair[place] for pair in found})
            if missing:
                known = ", ".join(sorted({pair[place] for pair in found})) or "none"
                raise GradingError(f"No submission of {what} {', '.join(missing)} in {submitted}. There is: {known}.")
            found = [pair for pair in found if not wanted or pair[place] in wanted]
        if not found:
            raise GradingError(f"No submissions in {submitted}: put them at <student>/<assignment>/<assignment>.ipynb.")
        return found


def _is_folder(path):
    with contextlib.suppress(OSError):  # in a folder that may not be entered: `closed` has it
        return path.is_dir()
    return False


class StagedAutograde(Autograde):
    """nbgrader's Autograde in steps, within the staging folder, so that the execution can happen elsewhere."""

    def __init__(self, course, log):
        config = Config(course.config)
        config.CourseDirectory.submitted_directory = f"{STAGING}/submitted"
        config.CourseDirectory.autograded_directory = f"{STAGING}/autograded"
        super().__init__(coursedir=CourseDirectory(config=config), config=config, log=log)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = NotebookExporter(parent=self, config=self.config)

    def sanitise(self, assignment, student, notebook):
        """Enter the submission in the gradebook; return the path of its sanitised `notebook`."""
        self.notebooks = [str(notebook)]
        self._sanitizing = True  # says which folder is the source; `save` of another submission has changed it
        self.init_assignment(assignment, student)
        self._init_preprocessors()
        BaseConverter.convert_single_notebook(self, str(notebook))
        return Path(self.writer.build_directory) / notebook.name

    def save(self, assignment, student, notebook, executed):
        """Save the grades of the `executed` notebook and write it over the sanitised `notebook`."""
        self._sanitizing = False
        self._init_preprocessors()
        self.exporter._preprocessors[0] = lambda nb, resources: (
            executed,
            resources,
        )  # in place of the execution
        BaseConverter.convert_single_notebook(self, str(notebook))
        self.set_permissions(assignment, student)


def grade(course, pairs, executor, *, sandbox=True, force=False, outdated=False, crowd=4):
    """Grade the submissions `pairs` of (assignment, student); yield an Outcome for each as it is done.

    executor: a concurrent.futures.Executor, or anything with its `submit`; force, outdated: also what is graded, or
    graded with an older release; crowd: how many submissions are staged at once. Raises GradingError if nothing can be
    graded, and lets KeyboardInterrupt through: what is done stays.
    """
    with _lock(course.root / STAGING) as staging:
        log = _log(staging / "nbgrader.log")
        with course.gradebook() as gradebook:
            lock(gradebook, [n for assignment in gradebook.assignments for n in assignment.notebooks])
        converter = StagedAutograde(course, log)
        hidden = course.hidden()
        limits = dict(course.config.CourseExecute.limits)
        tests = {assignment: grading_digest(course, assignment) for assignment, _ in pairs}
        todo, running = list(reversed(pairs)), {}
        while todo or running:
            while todo and len(running) < crowd:
                assignment, student = todo.pop()
                try:
                    noted = digests(course, assignment, student, tests[assignment])
                    known = not force and _entered(course, assignment, student)
                    age = freshness(course, assignment, student, **noted) if known else NEW
                except Exception as error:
                    log.exception("looking at %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", _sentence(error))
                    continue
                if age == OUTDATED and not outdated:
                    yield _outcome(course, assignment, student, "outdated", f"{OLDER}; --outdated grades it again")
                    continue
                if age not in (NEW, OUTDATED):
                    yield _outcome(course, assignment, student, "skipped", "already graded; --force grades it again")
                    continue
                try:
                    staged = within(STAGE_SECONDS, _stage, course, converter, staging, assignment, student)
                    readable, remark, notebook = staged
                except Exception as error:
                    log.exception("staging %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", _sentence(error))
                    continue
                task = Task(notebook.read_text("utf-8"), working_files(notebook.parent), hidden, limits, sandbox)
                running[executor.submit(task)] = (assignment, student, notebook, readable, remark, noted)
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                assignment, student, notebook, readable, remark, noted = running.pop(future)
                try:
                    result = future.result()
                    executed = nbformat.reads(result.notebook, 4)
                    executed.metadata.grader.update(noted)
                    same = facts(course, assignment, student).get("work") == noted["work"]
                    with _points_by_hand(course, assignment, student, same) as by_hand:
                        converter.save(assignment, student, notebook, executed)
                    _move(notebook.parent, course.folder("autograded", student, assignment), staging)
                    shutil.rmtree(staging / "submitted" / student / assignment)
                except Exception as error:
                    log.exception("grading %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", _sentence(error))
                    continue
                state = "unreadable" if not readable else "stopped" if result.stopped else "graded"
                said = [remark or result.stopped, *by_hand]
                outcome = _outcome(course, assignment, student, state, " ".join(filter(None, said)))
                outcome.seconds, outcome.memory_mb = result.seconds, result.memory_mb
                outcome.executions = executed.metadata.grader.executions
                yield outcome


def digests(course, assignment, student, tests=None):
    """Return {"work", "tests"}: digests of what is handed in, and of what grades it, if that is not known."""
    work = work_digest(course.folder("submitted", student, assignment))
    return {"work": work, "tests": tests or grading_digest(course, assignment)}


def _stage(course, converter, staging, assignment, student):
    if has_magic(student):  # it could be graded, but nbgrader would leave out its feedback without a word
        raise GradingError(_PATTERN.format(what="name of the student", name=student))
    released = course.folder("release", ".", assignment) / f"{assignment}.ipynb"
    with course.gradebook() as gradebook:
        try:
            gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            released = None
    if assignment not in course.assignments():
        known = ", ".join(course.assignments()) or "none"
        raise GradingError(
            f"{assignment} is no assignment of this course, whose sources are in {course.folder('source', '.', '.')}: "
            f"{known}. Rename the folder in submitted/, if that is the mistake."
        )
    if released is None or not released.is_file():
        raise GradingError(
            f"{assignment} is not released: run `nbgrader generate_assignment --force {assignment}` first."
        )
    copy = Path(converter.coursedir.format_path(converter.coursedir.submitted_directory, student, assignment))
    shutil.rmtree(staging / "autograded" / student / assignment, ignore_errors=True)
    readable, remark = stage(course.folder("submitted", student, assignment), copy, assignment, released)
    notebook = converter.sanitise(assignment, student, copy / f"{assignment}.ipynb")
    repairs = json.loads(notebook.read_text("utf-8"))["metadata"].get("grader", {}).get("remark", "")
    return readable, " ".join(filter(None, [remark, repairs])), notebook


@contextlib.contextmanager
def _points_by_hand(course, assignment, student, same):
    """See to the points given by hand while new grades are saved; yields a list, in the end of what there is to say.

    nbgrader lets them stand and asks the instructor to look at each again. That is so where the answer has changed,
    unless the tests give it as many points or more: those count. same: the work is what was graded before.
    """
    said = []
    with course.gradebook() as gradebook:
        old = {g.name: (g.manual_score, g.needs_manual_grade) for g in _grades(gradebook, assignment, student)}
    yield said
    old = {name: given for name, given in old.items() if given[0] is not None}
    with course.gradebook() as gradebook:
        for grade in _grades(gradebook, assignment, student):
            points, waits = old.get(grade.name, (None, None))
            if points is None:
                continue
            if same:
                grade.needs_manual_grade = waits
            elif grade.auto_score is not None and grade.auto_score >= points:
                grade.manual_score, grade.needs_manual_grade = None, False
                said.append(f"{grade.name}: {grade.auto_score:g} points now, {points:g} by hand before.")
            else:
                said.append(
                    f"{grade.name} keeps the {points:g} points given by hand to an earlier attempt: "
                    "look at it in the formgrader."
                )
        gradebook.db.commit()


def _entered(course, assignment, student):
    """Tell whether the gradebook knows a submission: if not, it is not graded, whatever lies in `autograded/`."""
    with course.gradebook() as gradebook:
        try:
            gradebook.find_submission(assignment, student)
        except MissingEntry:
            return False
        return True


def _grades(gradebook, assignment, student):
    try:
        return [grade for n in gradebook.find_submission(assignment, student).notebooks for grade in n.grades]
    except MissingEntry:
        return []


def _move(folder, target, staging):
    """Put `folder` in the place of `target`; until its last step the submission counts as not graded."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = staging / "replaced"
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        shutil.rmtree(old)
    folder.rename(target)


def _outcome(course, assignment, student, state, detail):
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return Outcome(assignment, student, state, detail)
        late = submission.total_seconds_late
        return Outcome(assignment, student, state, detail, submission.score, submission.max_score, late)


def _sentence(error):
    if isinstance(error, (GradingError, WorkerError)):
        return str(error)
    if isinstance(error, TimeoutError):
        return "It takes too long to read what was handed in: look at its notebook by hand."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL_DISK
    if isinstance(error, InvalidEntry) and isinstance(error.__context__, OperationalError):
        error = error.__context__
    if isinstance(error, OperationalError):
        return database_sentence(error)
    return f"{type(error).__name__}: {error}"


def database_sentence(error):
    """Return what to do about an OperationalError of SQLAlchemy."""
    text = str(error.orig)
    if "no such column" in text or "no such table" in text or "has no column" in text:
        return (
            "The gradebook is of an older nbgrader: copy gradebook.db to a safe place, run `nbgrader db upgrade`, then "
            "the same command again."
        )
    if "locked" in text:
        return "Another program is writing to the gradebook: close it, then run the same command again."
    if "full" in text:
        return FULL_DISK
    return f"The gradebook cannot be used: {text}."


@contextlib.contextmanager
def _lock(staging):
    """Hold the staging folder, emptied, for this process alone. Raises GradingError."""
    staging.mkdir(exist_ok=True)
    with (staging / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradingError(f"Another grader is at work in {staging.parent}: wait until it is done.") from None
        for step in ("submitted", "autograded"):
            shutil.rmtree(staging / step, ignore_errors=True)
        yield staging


class _PlainFormatter(logging.Formatter):
    """Shows escape codes, in the names of students' files for example, instead of passing them to a terminal."""

    def format(self, record):
        return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in super().format(record))


def _log(path):
    log = logging.Logger("grader")
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(_PlainFormatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    return log
