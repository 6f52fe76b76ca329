"""Where a class stands: what each student handed in and earned, read from gradebook, graded notebooks and folders."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import Assignment, BaseCell, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook

from ..course import Course, GradingError
from ..notebooks.submitted import LOST, noted
from ..notebooks.verdicts import stopped_because
from ..notebooks.versions import Version, begun_with, versions
from ..office.consistency import lost
from ..office.extensions import extensions
from ..office.freshness import NEW, OLDER, OUTDATED, facts_in, freshness, grading_digest, is_outdated, work_digest
from ..office.late import LatePolicy, refresh
from .results import NO_RESPONSE, error_message

GRADED, STOPPED, UNREADABLE, UNGRADED, MISSING = "graded", "stopped", "unreadable", "not graded", "missing"
AGAIN = f"{OLDER}: run `grader autograde --outdated`"  # of what was graded with other tests than today's


@dataclass
class Record:
    """One student's work on one assignment. None: not known, or still to be graded."""

    assignment: str
    student: str
    state: str
    max_points: dict[str, float]  # {grade_id: points}, as they were when it was graded
    cells: dict[str, float | None] = field(default_factory=dict)  # {grade_id: points earned}
    kept: float = 0.0  # points, given by hand to an earlier attempt, of cells that wait to be looked at again
    penalty: float = 0.0
    seconds_late: float = 0.0
    seconds: float | None = None
    memory_mb: float | None = None
    remark: str = ""
    messages: dict[str, str] = field(default_factory=dict)  # {grade_id: why it failed}
    broken: list[str] = field(default_factory=list)  # grade ids whose tests broke
    order: list[str] = field(default_factory=list)  # grade ids as they stand in the notebook
    started: str = ""  # the time of the older release that the work was begun with; "?" if it is not known
    outdated: bool = False  # there are other tests, points or data today than graded it
    untouched: frozenset[str] = frozenset()  # grade ids of the answers that are as they were released
    notebook_id: str = ""  # by which the formgrader knows the graded notebook

    @property
    def is_graded(self) -> bool:
        """Tell whether its points count."""
        return self.state in (GRADED, STOPPED, UNREADABLE)

    @property
    def pending(self) -> list[str]:
        """Return the grade ids that the instructor has still to grade."""
        return [cell for cell, points in self.cells.items() if points is None and cell not in self.broken]

    @property
    def points(self) -> float:
        """Return the points earned so far, less the penalty for handing in late; 0 for what is not graded."""
        return max(sum(points or 0.0 for points in self.cells.values()) + self.kept - self.penalty, 0.0)

    @property
    def possible(self) -> float:
        """Return the points that could be earned so far."""
        unknown = {*self.pending, *self.broken}
        return sum(points for cell, points in self.max_points.items() if cell not in unknown)

    @property
    def worth(self) -> float:
        """Return the points of which a total counts the share: of all cells but those whose tests broke."""
        return sum(points for cell, points in self.max_points.items() if cell not in self.broken)


@dataclass
class Standing:
    """The class, or its part in some assignments."""

    course_id: str
    max_points: dict[str, dict[str, float]]  # {assignment: {grade_id: points}}, as they stand in the notebook
    students: dict[str, str]  # {id: name, or ""}
    records: list[Record]

    def of(self, assignment: str) -> list[Record]:
        """Return the Records of an assignment."""
        return [record for record in self.records if record.assignment == assignment]


def read_standing(course: Course, assignments: Collection[str] = ()) -> Standing:
    """Return the Standing in all assignments, or in those named, reading each graded notebook once.

    The class is whoever is in the gradebook or has handed in anything. An assignment counts as missing once it is due
    and somebody has handed it in. Raises GradingError if nothing is graded, or an assignment is unknown.
    """
    count = len(course.folders("autograded"))
    said = lost(count) if count else f"Nothing is graded yet in {course.root}: run `grader autograde` first."
    nothing = GradingError(said)
    path = course.gradebook_file()
    if path is not None and not path.is_file():  # to open it is to make it
        raise nothing
    refresh(course)
    submitted, policy = set(course.submitted()), LatePolicy(config=course.config)
    with course.gradebook() as gradebook:
        chosen = _chosen(gradebook, assignments, course.config.Course.get("taught", ()))
        max_points = {assignment.name: _max_points(assignment) for assignment in chosen}
        due = {assignment.name: assignment.duedate for assignment in chosen}
        known = {a.name: [v for notebook in a.notebooks for v in versions(notebook)] for a in chosen}
        students = {s.id: ", ".join(filter(None, [s.last_name, s.first_name])) for s in gradebook.students}
        entries, (cells, kept) = _entries(gradebook, policy), _cells(gradebook)
        untouched, notebook_ids = _untouched(gradebook), _notebook_ids(gradebook)
    students |= {student: "" for _, student in sorted(submitted) if student not in students}
    records: list[Record] = []
    later = extensions(course)
    for assignment, points in max_points.items():
        keys = [(assignment, student) for student in sorted(students)]
        today = known[assignment], grading_digest(course, assignment)
        of_class = [
            _record(
                course, Record(*key, MISSING, points), entries.get(key), cells.get(key, {}), key in submitted, *today
            )
            for key in keys
        ]
        for key, record in zip(keys, of_class, strict=True):
            record.untouched, record.notebook_id = frozenset(untouched.get(key, ())), notebook_ids.get(key, "")
            record.kept = sum(kept[key][cell] for cell in record.pending)
        handed_in = [record for record in of_class if record.state != MISSING]
        ahead = {key for key in keys if _is_ahead(later.get(key, due[assignment]))}
        records += [
            record
            for record in of_class
            if record.state != MISSING or (handed_in and (assignment, record.student) not in ahead)
        ]
        order: list[str] = next((record.order for record in handed_in if record.order), [])
        max_points[assignment] = {cell: points[cell] for cell in [*filter(points.get, order), *points]}
    if not any(record.is_graded for record in records):
        raise nothing
    return Standing(course.coursedir.course_id, max_points, students, records)


def _chosen(gradebook: Gradebook, names: Collection[str], order: Sequence[str]) -> list[Any]:
    """Return the gradebook's assignments, or those named, first those in `order`. Raises GradingError."""
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    if unknown := sorted(set(names) - set(known)):
        there_is = ", ".join(known) or "none"
        raise GradingError(f"No assignment {', '.join(unknown)} in the gradebook. There is: {there_is}.")
    there = [name for name, entry in known.items() if (name in names if names else entry.notebooks)]  # or: not released
    return [known[name] for name in sorted(there, key=lambda name: order.index(name) if name in order else len(order))]


def _max_points(assignment: Any) -> dict[str, float]:
    cells = [cell for notebook in assignment.notebooks for cell in [*notebook.grade_cells, *notebook.task_cells]]
    return {cell.name: cell.max_score for cell in cells}


def _is_ahead(duedate: datetime | None) -> bool:
    return duedate is not None and duedate > datetime.now(UTC).replace(tzinfo=None)  # nbgrader's are UTC, unmarked


def _entries(gradebook: Gradebook, policy: LatePolicy) -> dict[tuple[str, str], tuple[float, float]]:
    """Return {(assignment, student): (penalty, seconds late)} of what has been entered in the gradebook."""
    rows = gradebook.db.query(SubmittedAssignment, SubmittedAssignment.late_submission_penalty)
    return {(s.assignment.name, s.student_id): (penalty or 0.0, policy.seconds(s)) for s, penalty in rows}


def _cells(
    gradebook: Gradebook,
) -> tuple[dict[tuple[str, str], dict[str, float | None]], defaultdict[tuple[str, str], dict[str, float]]]:
    """Return {(assignment, student): {grade_id: points, None if still to be graded}}, and of the latter the
    points that the gradebook counts nevertheless, in one query."""
    cells: defaultdict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    kept: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for assignment, student, cell, score, needs_manual_grade in _of_cells(
        gradebook, Grade, Grade.score, Grade.needs_manual_grade
    ):
        cells[assignment, student][cell] = None if needs_manual_grade else score
        if needs_manual_grade:
            kept[assignment, student][cell] = score
    return cells, kept


def _untouched(gradebook: Gradebook) -> dict[tuple[str, str], list[str]]:
    """Return {(assignment, student): [grade ids of the answers that are as they were released]}, as nbgrader notes."""
    cells: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for assignment, student, cell in _of_cells(gradebook, Comment).where(Comment.auto_comment == NO_RESPONSE):
        cells[assignment, student].append(cell)
    return cells


def _of_cells(gradebook: Gradebook, kind: Any, *columns: Any) -> Any:
    """Return a query for (assignment, student, cell, *columns) of all Grades or Comments: `kind`."""
    return (
        gradebook.db.query(Assignment.name, SubmittedAssignment.student_id, BaseCell.name, *columns)
        .select_from(kind)
        .join(BaseCell, kind.cell_id == BaseCell.id)
        .join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )


def _notebook_ids(gradebook: Gradebook) -> dict[tuple[str, str], str]:
    """Return {(assignment, student): id of the submitted notebook}."""
    rows = (
        gradebook.db.query(Assignment.name, SubmittedAssignment.student_id, SubmittedNotebook.id)
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    return {(assignment, student): notebook_id for assignment, student, notebook_id in rows}


def _record(
    course: Course,
    record: Record,
    entry: tuple[float, float] | None,
    cells: dict[str, float | None],
    is_submitted: bool,
    known: Iterable[Version],
    tests: str,
) -> Record:
    """Return `record`, completed. entry, cells: what the gradebook has of it, None and {} if it has not; known, tests:
    the Versions of the assignment, and what grades it today (see freshness)."""
    if entry is not None:
        record.penalty, record.seconds_late = entry
    folder = course.folder("autograded", record.assignment, record.student)
    path = folder / f"{record.assignment}.ipynb"
    if entry is None and path.is_file():
        record.state, record.remark = (
            UNGRADED,
            "graded before, and not in the gradebook any more: run `grader autograde`",
        )
        return record
    if not path.is_file():  # moving it there is what makes a submission graded
        if is_submitted:
            record.state, record.remark = UNGRADED, "grading failed or has not been run: run `grader autograde`"
        elif entry is not None and cells:
            record.state, record.cells = GRADED, cells
            record.remark = "the graded notebook is gone; the points are the gradebook's"
        return record
    record.state, record.cells, told = GRADED, cells, None
    try:
        notebook = json.loads(without_pictures(path.read_bytes()))  # nbformat's checks would take most of the time
        told = facts_in(notebook, path)
        _read(notebook, told, record, known, tests)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # somebody has changed it
        record.remark = "the graded notebook cannot be read: grade it again with --force"
    if is_submitted:
        work = work_digest(course.folder("submitted", record.assignment, record.student))
        age = freshness(course, record.assignment, record.student, work, tests, told)
        if age == NEW:
            record.remark = "a newer one, or another, has been handed in: run `grader autograde`"
        elif age == OUTDATED:
            record.remark = AGAIN
    return record


def without_pictures(notebook: bytes) -> bytes:
    """Return a notebook's JSON, bytes, without the pictures in its HTML: most of it, and of no use here."""
    first, *others = notebook.split(b";base64,")
    kept = [first]
    for other in others:
        picture, quote, rest = other.partition(b'"')  # which ends it, escaped or not, as it stays
        kept += picture[len(picture.rstrip(b"\\")) :], quote, rest
    return b"".join(kept)


def _read(
    nb: Mapping[str, Any], facts: Mapping[str, Any], record: Record, known: Iterable[Version], tests: str
) -> None:
    """Complete `record` from its graded notebook, plain JSON, and the grader's facts in it (see freshness)."""
    if worth := facts["points"]:
        record.max_points = {cell: worth[cell] for cell in record.max_points if cell in worth}
        record.cells = {cell: points for cell, points in record.cells.items() if cell in worth}
    record.started, record.outdated = begun_with(facts, known), is_outdated(facts, tests)
    record.broken = facts["broken"]
    record.cells |= dict.fromkeys(set(record.broken) & record.cells.keys())
    record.seconds, record.memory_mb = facts.get("seconds"), facts.get("memory_mb")
    if why := stopped_because(nb):
        record.state, record.remark = STOPPED, why
    for cell in nb["cells"]:
        errors = [output for output in cell.get("outputs", []) if output["output_type"] == "error"]
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade"):
            record.order.append(marks["grade_id"])
            if errors:
                record.messages[marks["grade_id"]] = error_message(errors[0])
    top = "".join(nb["cells"][0]["source"]) if nb["cells"] else ""  # a list of lines, or one string
    if facts.get("noted") and (lost := noted(LOST, top)):  # a student can write it too
        record.state, record.remark = UNREADABLE, lost
