"""Making the students' notebooks: nbgrader's generate_assignment, stopped in time, before it removes a release that it
then cannot make anew.
"""

import copy
import logging
import re
import tempfile
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy.exc import DBAPIError

from ..course import Course, GradingError
from ..ground.database import LONGEST, UNUSABLE, database_sentence, too_long
from ..ground.targets import CELL as TARGETS
from ..ground.targets import filled
from ..notebooks.versions import VERSION, Version, note, version_of, versions
from .freshness import tests_digest
from .lock import STAGING, at_work
from .migrate import migrate
from .sources import source_faults

INDEX = "index.ipynb"
_LINK = re.compile(r"\]\(([\w-]+)/[\w-]+\.ipynb\)")
_NUMBER = re.compile(r"^(\| *)\d+( *\|)")  # in the first column of a table
_KIND = re.compile(r"^[\w.]+: ")  # of an exception


@dataclass
class Release:
    """What became of an assignment. now, before: its Version, and the one before it, or None; changes: what was other
    than in the source; older: the students graded with other tests; kept: the gradebook before cells came or went."""

    assignment: str
    folder: Path
    now: Version
    before: Version | None
    changes: list[str]
    older: list[str]
    kept: Path | None


class ReleaseExporter(NotebookExporter):
    """Makes the students' notebook. Before that, it holds the sources against the gradebook (see `check`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Versions by assignment and notebook: nbgrader makes the notebook's record anew
        self.known: dict[tuple[str, str], list[Version]] = {}
        self.releases = hasattr(self.parent, "create_assignment")
        if self.releases:
            assert self.parent is not None
            try:
                check(self.parent)
            except (DBAPIError, *UNUSABLE) as error:
                _refuse(self.parent, f"Not released: {database_sentence(error)}")
            course = self.parent.coursedir
            with Gradebook(course.db_url, course.course_id) as gradebook:
                notebooks = [notebook for entry in gradebook.assignments for notebook in entry.notebooks]
                self.known = {(notebook.assignment.name, notebook.name): versions(notebook) for notebook in notebooks}

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Return the notebook as released, and `resources`; its version is in both, and the gradebook's own record of
        it is locked."""
        where = (resources or {}).get("nbgrader") if self.releases else None
        made, resources = super().from_notebook_node(filled(nb) if where else nb, resources, **kwargs)
        if where:
            assert self.parent is not None
            released = nbformat.reads(made, as_version=4)
            released.metadata[VERSION] = version_of(released)
            made = nbformat.writes(released) + "\n"
            with Gradebook(where["db_url"]) as gradebook:
                notebook = gradebook.find_notebook(where["notebook"], where["assignment"])
                tests = tests_digest([notebook], Course(self.parent.coursedir.root).hidden())
                now = Version(released.metadata[VERSION], tests, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
                note(notebook, [*self.known.get((where["assignment"], where["notebook"]), []), now])
                gradebook.db.commit()
        return made, resources


def release(course: Course, assignment: str, migrating: bool = False) -> Release:
    """Make the students' notebook of an assignment anew, and enter its cells in the gradebook; return Release.

    migrating: cells may come and go, although there are grades (see grader.office.migrate). Raises GradingError, and
    then nothing has changed: whether nbgrader takes the source is tried out beside the course.
    """
    try_out(course, assignment)
    changes = unreleased(course, assignment)
    before, students = _record(course, assignment)
    moved = _moved(course, assignment) if students else []
    if moved and not migrating:
        raise GradingError(_refusal(assignment, students, moved))
    kept = None
    if moved:
        with at_work(course.root / STAGING):
            kept = migrate(course, assignment)
    _generate(course, assignment)
    release_index(course)
    now, _ = _record(course, assignment)
    assert now is not None  # it has just been entered
    older = students if before and before.tests != now.tests else []
    return Release(assignment, course.folder("release", assignment), now, before, changes, older, kept)


def try_out(course: Course, assignment: str) -> None:
    """Make a release beside the course. Raises GradingError if that fails."""
    one_notebook(course, assignment)
    if faults := source_faults(course, assignment):
        raise GradingError(f"{assignment} was not released, and nothing is changed: {' '.join(faults)}")
    with tempfile.TemporaryDirectory() as scratch:
        places = {"release_directory": f"{scratch}/release", "db_url": f"sqlite:///{scratch}/gradebook.db"}
        _generate(course, assignment, **places)


def release_index(course: Course) -> None:
    """Write the students' index: the source's, without the rows of tables that link to what is not taught."""
    source = course.folder("source", ".") / INDEX
    if not source.is_file():
        return
    index, taught = nbformat.read(source, as_version=4), course.taught()
    for cell in index.cells:
        lines: list[str] = []
        number = 0
        for line in cell.source.split("\n"):
            if line.startswith("|") and (found := _LINK.search(line)):
                if found[1] not in taught:
                    continue
                number += 1
                line = _NUMBER.sub(rf"\g<1>{number}\g<2>", line)
            lines.append(line)
        cell.source = "\n".join(lines)
    target = course.folder("release", ".") / INDEX
    target.write_text(nbformat.writes(index) + "\n", "utf-8")


def one_notebook(course: Course, assignment: str) -> None:
    """Raise GradingError unless source/ has an assignment of this name, with one notebook of this name."""
    if assignment not in course.assignments():
        known = ", ".join(course.assignments()) or "none"
        raise GradingError(
            f"{assignment} is no assignment of this course, whose sources are in {course.folder('source', '.')}: "
            f"{known}. Rename the folder in submitted/, if that is the mistake."
        )
    folder = course.folder("source", assignment)
    others = sorted(path.name for path in folder.glob("*.ipynb") if path.name != f"{assignment}.ipynb")
    if not (folder / f"{assignment}.ipynb").is_file():
        told = f"{', '.join(others)}, and no {assignment}.ipynb. Rename it" if others else "none. Put it there"
    elif others:
        told = f"also {', '.join(others)}. Put each into an assignment of its own"
    else:
        return
    raise GradingError(
        f"An assignment has one notebook, of the assignment's name; in {folder} is {told}, and release it: "
        f"`grader release {assignment}`."
    )


def _generate(course: Course, assignment: str, **elsewhere: str) -> None:
    """Run nbgrader's generate_assignment. elsewhere: settings of CourseDirectory in the place of the course's own.
    Raises GradingError with what nbgrader says."""
    config = copy.deepcopy(course.config)
    config.CourseDirectory.update(assignment_id=assignment, **elsewhere)
    said = _Said()
    log = logging.Logger("release")
    log.addHandler(said)
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, log=log)
    converter.force = True
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        why = said.error or str(error)
        raise GradingError(f"{assignment} was not released, and nothing is changed: {why}") from None


class _Said(logging.Handler):
    """Keeps what the first error is about that nbgrader logs, a traceback or a sentence."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.error = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last line of a traceback in the place of nbgrader's sentence that announces it."""
        *_, last = record.getMessage().strip().splitlines() or [""]
        if record.getMessage().startswith("Traceback"):
            self.error = _KIND.sub("", last)
        self.error = self.error or ("" if last.startswith("There was an error processing") else last)


def _record(course: Course, assignment: str) -> tuple[Version | None, list[str]]:
    """Return the present Version of an assignment in the gradebook, None if it is not there, and who has grades."""
    with course.gradebook() as gradebook:
        try:
            entry = gradebook.find_assignment(assignment)
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return None, []
        students = sorted(submission.student_id for submission in entry.submissions)
        tests = tests_digest([notebook], course.hidden())
        known = versions(notebook)
        return known[-1] if known else Version("", tests, ""), students


def unreleased(course: Course, assignment: str) -> list[str]:
    """Return what has changed in source/ since the last release, by which work is graded: tests, other locked cells,
    points; a list of texts."""
    try:
        source = course.source(assignment)
        found = _marked(source)
    except (OSError, ValueError, LookupError, AttributeError):
        return []  # it does not grade; `grader release` says what is wrong with it
    with course.gradebook() as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return []
        changes = _changes({assignment: _known(notebook)}, {assignment: found})
        released = {cell.name: (cell.source or "").strip() for cell in notebook.source_cells}
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    for cell in source.cells:
        marks = cell.metadata.get("nbgrader") or {}
        name = marks.get("grade_id")
        fixed = is_locked(cell) and not is_solution(cell)
        if name in points and float(marks.get("points", 0)) != points[name]:
            changes.append(f"the points of {name}")
        if name in released and fixed and cell.source.strip() != released[name]:
            changes.append(f"the cell {name}")
    return changes


def _moved(course: Course, assignment: str) -> list[str]:
    """Return the cells, as texts, that the source has and the gradebook has not, or the other way round."""
    found = _marked(course.source(assignment))
    with course.gradebook() as gradebook:
        known = {notebook.name: _known(notebook) for notebook in gradebook.find_assignment(assignment).notebooks}
    return _changes(known, {assignment: found})


def check(converter: Any) -> None:
    """Raise NbGraderException if nbgrader will refuse to release, as when graded cells change after the first grades.

    nbgrader finds that out too late: the released notebook is gone by then.

    converter: nbgrader's GenerateAssignment, its notebooks found.
    """
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as gradebook:
        for folder, notebooks in converter.assignments.items():
            where = re.match(pattern, folder)
            assert where is not None  # nbgrader has found it by that pattern
            name = where["assignment"]
            if long := too_long(gradebook, _names(name, notebooks)):
                _refuse(
                    converter, f"Not released: the gradebook takes names of up to {LONGEST} characters, not {long[0]}."
                )
            try:
                assignment = gradebook.find_assignment(name)
            except MissingEntry:
                continue
            if not assignment.submissions:
                continue
            known = {n.name: _known(n) for n in assignment.notebooks}
            found = {Path(path).stem: _marked(nbformat.read(path, as_version=4)) for path in notebooks}
            if changes := _changes(known, found):
                _refuse(converter, _refusal(name, assignment.submissions, changes))


def _refuse(converter: Any, said: str) -> NoReturn:
    converter.log.error(said)
    raise NbGraderException(said)


def _names(assignment: str, notebooks: Iterable[str]) -> Iterator[str]:
    """Yield the names that a release enters in the gradebook. notebooks: paths."""
    yield assignment
    for path in map(Path, notebooks):
        yield path.stem
        yield from (grade_id for _, grade_id in _marked(nbformat.read(path, as_version=4)))


def _refusal(assignment: str, students: Sized, changes: list[str]) -> str:
    return (
        f"{assignment} was not released, and nothing is changed: {len(students)} students have grades in it, and in "
        f"its source {', '.join(changes)}. Either undo that in the source and release again, or `grader release "
        f"--migrate {assignment}`: the grades of all other cells stay, and `grader autograde --outdated {assignment}` "
        "then grades what is new."
    )


def _changes(known: dict[str, set[tuple[int, str]]], found: dict[str, set[tuple[int, str]]]) -> list[str]:
    """Return what is new and what is gone. known, found: {notebook: {(kind, grade_id)}}."""
    changes = [f"the notebook {name} is new" for name in sorted(found.keys() - known.keys())]
    changes += [f"the notebook {name} is gone" for name in sorted(known.keys() - found.keys())]
    for notebook in sorted(known.keys() & found.keys()):
        for text, cells in (("new", found[notebook] - known[notebook]), ("gone", known[notebook] - found[notebook])):
            changes += [f"the cell {grade_id} is {text}" for grade_id in sorted({grade_id for _, grade_id in cells})]
    return changes


def _known(notebook: Any) -> set[tuple[int, str]]:
    kinds = (notebook.grade_cells, notebook.solution_cells, notebook.task_cells, notebook.source_cells)
    return {(kind, cell.name) for kind, cells in enumerate(kinds) for cell in cells}


def _marked(notebook: NotebookNode) -> set[tuple[int, str]]:
    """Return the same of a notebook of source/."""
    kinds = (
        is_grade,
        is_solution,
        is_task,
        lambda cell: any(f(cell) for f in (is_grade, is_solution, is_task, is_locked)),
    )
    marked = [(n, cell) for n, kind in enumerate(kinds) for cell in notebook.cells if kind(cell)]
    return {(n, cell.metadata.nbgrader.grade_id) for n, cell in marked} - {(len(kinds) - 1, TARGETS)}
