"""What became of a graded notebook, exercise by exercise, as its feedback page tells it to the student."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades

from ..course import Course
from ..notebooks.placing import RESTORED
from ..notebooks.submitted import LOST, NOTE, noted
from ..notebooks.verdicts import Kind, stopped_because
from ..notebooks.versions import begun_with, versions
from ..office.freshness import broken_tests, is_outdated, page_digest, points_then, tests_digest
from ..office.late import LatePolicy

FULL, PARTIAL, NONE, PENDING = "full", "partial", "none", "pending"
NO_NOTEBOOK = (OSError, ValueError, LookupError, TypeError, AttributeError)  # what reading a file that is none raises
LONGEST = 500  # characters of a heading
_TITLE = re.compile(rf"^#[ \t]+([^\n]{{1,{LONGEST}}})", re.MULTILINE)
_HEADING = re.compile(rf"^#{{1,6}}[ \t]+([^\n]{{1,{LONGEST}}})", re.MULTILINE)
_REGION = re.compile(r"(BEGIN|END) [A-Z]+")  # a source's mark: ### BEGIN SOLUTION
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_POINTS = re.compile(r"\s*\([^()]*\bpuntos?\b[^()]*\)$")  # a heading's own, beside which the page shows those earned
NO_RESPONSE = "No response."  # nbgrader's own comment on a cell that is as it was released


@dataclass
class Part:
    """One graded cell."""

    grade_id: str
    points: float
    max_points: float
    pending: bool  # the instructor has still to grade it, or to mend its test, which broke
    automatic: bool  # graded by tests, so that its source is no concern of the student's
    goal: str  # the public target, or ""
    message: str  # why it failed, or ""
    stopped: bool  # it has not run, because the notebook had been stopped

    @property
    def state(self) -> str:
        """full, partial, none or pending."""
        return _state([self])


@dataclass
class Exercise:
    """The graded cells below one heading of the notebook."""

    title: str  # Markdown
    anchor: str  # id of its place on the page
    parts: list[Part] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)  # grade ids of the cells that the instructor has commented on

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(part.points for part in self.parts)

    @property
    def max_points(self) -> float:
        """Points to be earned."""
        return sum(part.max_points for part in self.parts)

    @property
    def state(self) -> str:
        """full, partial, none or pending."""
        return _state(self.parts)


@dataclass
class Results:
    """A graded notebook. What is "" or 0 does not apply to it."""

    title: str  # Markdown
    exercises: list[Exercise]
    points: float  # less the penalty for handing in late
    max_points: float
    penalty: float
    seconds_late: float
    lost: str  # why there was no notebook to grade
    note: str  # what else there is to say about the files that were handed in
    stopped: str  # the limit that it reached
    student: str = ""  # the name, or the id of who has none
    started: str = ""  # the time of the older release that the work was begun with; "?" if it is not known
    outdated: bool = False  # there are other tests, points or data today than graded it

    @property
    def part(self) -> dict[str, Part]:
        """{grade_id: Part} of all graded cells."""
        return {part.grade_id: part for exercise in self.exercises for part in exercise.parts}

    def count(self, state: str) -> int:
        """Return how many exercises are full, partial, none or pending."""
        return sum(exercise.state == state for exercise in self.exercises)


@dataclass
class Place:
    """Where a graded cell stands in a notebook."""

    title: str  # of its exercise, Markdown
    goal: str  # the public target, or ""
    answers: set[str] = field(default_factory=set)  # grade ids of the exercise's answers
    alone: bool = True  # it is all that is graded of its exercise


def places(cells: Iterable[NotebookNode]) -> dict[str, Place]:
    """Return {grade_id: Place} of the graded cells of an instructor's notebook, by the headings of feedback pages."""
    found: dict[str, Place] = {}
    heading: NotebookNode | None = None
    exercise: list[Place] = []
    answers: set[str] = set()
    for cell in cells:
        if _heading(cell):
            heading, exercise, answers = cell, [], set()
        if utils.is_solution(cell):
            answers.add(cell.metadata.nbgrader.grade_id)
        if utils.is_grade(cell) or utils.is_task(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            goal = _goal(cell.source) if cell.cell_type == "code" and not utils.is_solution(cell) else ""
            found[grade_id] = Place(_title(heading, grade_id), goal, answers)
            exercise.append(found[grade_id])
            for place in exercise:
                place.alone = len(exercise) == 1
    return found


def source_places(course: Course, assignment: str) -> dict[str, Place]:
    """Return {grade_id: Place} of an assignment's notebook in source/; {} if that cannot be read."""
    try:
        return places(course.source(assignment).cells)
    except NO_NOTEBOOK:
        return {}


def error_message(error: Mapping[str, Any]) -> str:
    """Return what an error output says: of this course's own, and of asserts, without the name of its kind."""
    kind: str = error["ename"]
    text: str = error["evalue"]
    return text if kind in {*Kind, "AssertionError"} else f"{kind}: {text}"


class CourseGrades(GetGrades):
    """nbgrader's GetGrades that also puts the notebook's Results into resources["results"],
    and the digest of what it shows into resources["grades"]."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return `nb` with points, comments and places (metadata.anchor) in its cells, and `resources`."""
        where, graded = resources["nbgrader"], Path(resources["metadata"]["path"])
        course = Course(CourseDirectory(parent=self).root)  # not what lies above the notebook: students hand in files
        worth = points_then(nb.cells)
        with Gradebook(where["db_url"]) as gradebook:
            _drop_marks(nb, gradebook.find_notebook(where["notebook"], where["assignment"]))
        nb, resources = super().preprocess(nb, resources)
        where["max_score"] = _as_they_were(nb, worth)
        with self.gradebook:
            submission = self.gradebook.find_submission(self.assignment_id, self.student_id)
            late = LatePolicy(config=course.config).seconds(submission)
            notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            pending = {grade.name for grade in notebook.grades if grade.needs_manual_grade and grade.name in worth}
            pending |= {*broken_tests(nb.cells)}
            tests = tests_digest([notebook.notebook], course.hidden())
            started = begun_with(nb.metadata.get("grader", {}), versions(notebook.notebook))
            name = " ".join(filter(None, [submission.student.first_name, submission.student.last_name]))
            resources["grades"] = page_digest(submission, graded / f"{self.notebook_id}.ipynb", late, tests)
        ours = nb.metadata.get("grader", {}).get("noted")  # a student can write such a cell too
        lost, note = _take_note(nb.cells) if ours else ("", "")
        resources["results"] = Results(
            title=_take_title(nb.cells) or where["notebook"],
            exercises=_exercises(nb.cells, pending, lambda: source_places(course, where["assignment"])),
            points=max(where["score"], 0.0),
            max_points=where["max_score"],
            penalty=where["late_penalty"],
            seconds_late=late,
            lost=lost,
            note=note,
            stopped=stopped_because(nb),
            student=name or self.student_id,
            started=started,
            outdated=is_outdated(nb.metadata.get("grader", {}), tests),
        )
        return nb, resources


def _drop_marks(nb: NotebookNode, known: Any) -> None:
    """Take the marks from cells of a graded notebook that the gradebook's does not know any more."""
    names = {cell.name for cell in (*known.source_cells, *known.grade_cells, *known.solution_cells, *known.task_cells)}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in names:
            cell.metadata.pop("nbgrader", None)


def _as_they_were(nb: NotebookNode, worth: Mapping[str, float]) -> float:
    """Give graded cells the points that they were worth when they were graded; return the sum."""
    total = 0.0
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if "points" in marks:
            marks["points"] = worth.get(marks["grade_id"], marks["points"])
            total += marks["points"]
    return total


def _exercises(
    cells: Iterable[NotebookNode], pending: set[str], known: Callable[[], dict[str, Place]]
) -> list[Exercise]:
    """Return the Exercises, marking the cell of each one's heading. pending: grade ids; known: a function without
    arguments that returns {grade_id: Place} of the source."""
    exercises: list[Exercise] = []
    place: NotebookNode | None = None
    current: Exercise | None = None
    restored = known() if any(cell.metadata.get(RESTORED) for cell in cells) else {}
    for cell in cells:
        if _heading(cell):
            place, current = cell, None
        if not utils.is_solution(cell) and not utils.is_grade(cell) and not utils.is_task(cell):
            continue
        marks = cell.metadata.nbgrader
        untouched = marks.get("comment") == NO_RESPONSE
        if untouched:
            del marks["comment"]
        title = restored[marks.grade_id].title if cell.metadata.get(RESTORED) and marks.grade_id in restored else ""
        if title and "points" in marks and title != _title(place, marks.grade_id):  # its heading is not there
            cell.metadata["anchor"] = f"ejercicio-{len(exercises) + 1}"
            alone = Exercise(title, cell.metadata["anchor"])
            alone.parts.append(_part(cell, marks.grade_id in pending, untouched))
            alone.comments += [marks.grade_id] if marks.get("comment") else []
            exercises.append(alone)
            continue
        if current is None:
            current = Exercise(_title(place, marks.grade_id), f"ejercicio-{len(exercises) + 1}")
            exercises.append(current)
            (place or cell).metadata["anchor"] = current.anchor
        if marks.get("comment"):
            current.comments.append(marks.grade_id)
        if "points" in marks:
            current.parts.append(_part(cell, marks.grade_id in pending, untouched))
            current = current if place else None  # without headings, each graded cell is an exercise
    return [exercise for exercise in exercises if exercise.parts or exercise.comments]


def _part(cell: NotebookNode, pending: bool, untouched: bool) -> Part:
    marks = cell.metadata.nbgrader
    automatic = cell.cell_type == "code" and not marks.get("solution")
    error = next((o for o in cell.get("outputs", []) if o.output_type == "error"), None) if automatic else None
    full = marks.score >= marks.points
    message = error_message(error) if error else "Esta celda está como te la dieron." if untouched else ""
    return Part(
        grade_id=marks.grade_id,
        points=marks.score,
        max_points=marks.points,
        pending=pending,
        automatic=automatic,
        goal=_goal(cell.source) if automatic else "",
        message="" if full else message,
        stopped=bool(error and error.ename == Kind.STOPPED and not full),
    )


def _state(parts: Sequence[Part]) -> str:
    if any(part.pending for part in parts):
        return PENDING
    if all(part.points >= part.max_points for part in parts):
        return FULL
    return PARTIAL if any(part.points > 0 for part in parts) else NONE


def _heading(cell: NotebookNode) -> str:
    """Return the last heading in a Markdown cell, or ""."""
    found: list[str] = _HEADING.findall(_FENCED.sub("", cell.source)) if cell.cell_type == "markdown" else []
    found = [text for text in found if not _REGION.match(text)]
    return found[-1].rstrip(" \t#") if found else ""


def _title(place: NotebookNode | None, otherwise: str) -> str:
    return _POINTS.sub("", _heading(place)) if place else otherwise


def _goal(source: str) -> str:
    """Return the comment at the top of a graded cell."""
    lines = []
    for line in source.strip().splitlines():
        if not line.startswith("#") or line.startswith("###"):  # the latter: hidden tests begin
            break
        lines.append(line.lstrip("# ").strip())
    return " ".join(lines)


def _take_title(cells: Iterable[NotebookNode]) -> str:
    """Take the title, a heading of the first level, out of the first cell that has one; return it or ""."""
    for cell in cells:
        found = _TITLE.search(_FENCED.sub("", cell.source)) if cell.cell_type == "markdown" else None
        if found:
            cell.source = cell.source.replace(found[0], "", 1)
            return found[1].rstrip(" \t#")
    return ""


def _take_note(cells: list[NotebookNode]) -> tuple[str, str]:
    """Take the note on the files, if there is one, from the top of the notebook; return (lost, other note)."""
    top = cells[0].source if cells and cells[0].cell_type == "markdown" else ""
    lost, note = noted(LOST, top), noted(NOTE, top)
    if lost or note:
        del cells[0]
    return lost, note
