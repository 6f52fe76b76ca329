"""What was graded, and with what: digests that tell whether a grade, or a page that shows it, still holds.

A graded notebook carries two of them in its metadata: of what the student had handed in, and of what graded it. A
feedback page carries one of the grades that it shows.
"""

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from ..course import Course
from ..notebooks.submitted import MAX_FILES, MAX_MB, TIMESTAMP, handed_in_at
from ..notebooks.verdicts import Kind
from .late import LatePolicy, refresh

NEW, OUTDATED, DONE = "new", "outdated", "done"
OLDER = "graded with an older release of the assignment"
_SHOWN = re.compile(r'<meta [^>]*name="grades"[^>]*>')


def work_digest(folder: Path) -> str:
    """Return the digest of what a student has handed in: all regular files but the time, links not followed. Of more
    than is graded, the content is not looked at."""
    digest, left, count = hashlib.sha256(), MAX_MB * 2**20, 0
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".ipynb_checkpoints")
        for path in (Path(parent) / name for name in sorted(names)):
            if path != Path(folder) / TIMESTAMP:
                content, size = _content(path, os.fsencode(path.relative_to(folder)), left if count < MAX_FILES else -1)
                digest.update(content)
                left, count = left - size, count + 1
    return digest.hexdigest()[:16]


def _content(path: Path, name: bytes, most: int) -> tuple[bytes, int]:
    """Return bytes that stand for a file, its name and content, or what else tells one version from another; and how
    many bytes of it were read. most: that may be."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return b"", 0
        if status.st_size > most:
            return b"%b\0%d %d" % (name, status.st_size, status.st_mtime_ns), 0
        with path.open("rb") as file:
            return name + b"\0" + hashlib.file_digest(file, "sha256").digest(), status.st_size
    except OSError:
        return name + b"\0unreadable", 0


def grading_digest(course: Course, assignment: str) -> str:
    """Return the digest of what grades an assignment today; "" if it is not in the gradebook."""
    with course.gradebook() as gradebook:
        try:
            return tests_digest(gradebook.find_assignment(assignment).notebooks, course.hidden())
        except MissingEntry:
            return ""


def tests_digest(notebooks: Collection[Any], hidden: Mapping[str, bytes]) -> str:
    """Return the digest of what grades `notebooks` of a gradebook: their cells with tests and points, and the hidden
    data that they name. hidden: {name: bytes} of the course's."""
    cells = [(cell.name, cell.cell_type, cell.locked, cell.source) for n in notebooks for cell in n.source_cells]
    points = [(cell.name, cell.max_score) for n in notebooks for cell in (*n.grade_cells, *n.task_cells)]
    text = "\n".join(source or "" for *_, source in cells)
    data = {name: hashlib.sha256(data).hexdigest() for name, data in hidden.items() if name in text}
    return _short(sorted(map(repr, cells)), sorted(points), sorted(data.items()))


def _latest(folder: Path) -> float:
    times = [0.0]
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                times.append((Path(parent) / name).lstat().st_mtime if name != TIMESTAMP else 0.0)
    return max(times)


def page_digest(submission: Any, graded: Path, late: float, tests: str) -> str:
    """Return the digest of what a feedback page shows: the grades, comments and names of a submission of an open
    gradebook, and the graded notebook, a path. late: by how many seconds; tests: today's digest of them."""
    grades = [
        (g.name, g.score, g.max_score, bool(g.needs_manual_grade)) for n in submission.notebooks for g in n.grades
    ]
    comments = [(c.name, c.comment) for n in submission.notebooks for c in n.comments]
    shown = hashlib.sha256(Path(graded).read_bytes()).hexdigest()
    student = (submission.student.first_name, submission.student.last_name)
    lateness = (submission.late_submission_penalty, late)
    return _short(sorted(grades), sorted(comments, key=repr), lateness, student, shown, tests)


def _short(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def digests(course: Course, assignment: str, student: str, tests: str | None = None) -> dict[str, str]:
    """Return {"work", "tests"}: digests of what is handed in, and of what grades it, if that is not known."""
    work = work_digest(course.folder("submitted", assignment, student))
    return {"work": work, "tests": tests or grading_digest(course, assignment)}


def facts(course: Course, assignment: str, student: str) -> dict[str, Any]:
    """Return the grader's facts in a graded notebook's metadata; with `points`, what each graded cell was worth then,
    {grade_id: points}, and `broken`, the grade ids of broken tests; {} if there are none, or no such notebook."""
    try:
        graded = _graded(course, assignment, student)
        return facts_in(json.loads(graded.read_text("utf-8")), graded)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def facts_in(notebook: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the same of a graded notebook that has been read, plain JSON, from `path`."""
    cells, graded = notebook["cells"], notebook["metadata"].get("grader", {})
    return {
        **graded,
        "graded_at": path.stat().st_mtime,
        "points": points_then(cells),
        "broken": broken_tests(cells),
    }


def points_then(cells: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Return {grade_id: points} of the graded cells of a graded notebook: as many as they were worth when it was
    graded. To what was earned then, no others belong."""
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return {mark["grade_id"]: float(mark["points"]) for mark in marks if mark.get("grade_id") and "points" in mark}


def worth(submission: Any, points: Mapping[str, float]) -> float:
    """Return what a submission of the gradebook was worth when it was graded: of the cells that there still are.

    points: of its `facts`; without any, it is what it is worth today.
    """
    names = {grade.name for notebook in submission.notebooks for grade in notebook.grades}
    known = [most for name, most in points.items() if name in names]
    return sum(known) if known else submission.max_score


def waiting_cells(submission: Any, points: Mapping[str, float]) -> list[str]:
    """Return the cells of a submission that wait for points given by hand. points: of its `facts`: a cell that it has
    not got, which came later, waits for nothing but being graded."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade]
    return [grade.name for grade in grades if not points or grade.name in points]


def broken_tests(cells: Iterable[dict[str, Any]]) -> list[str]:
    """Return the grade ids of a graded notebook's hidden tests that broke."""
    return [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("grade")
        and any(output.get("ename") == Kind.BROKEN_TEST for output in cell.get("outputs", []))
    ]


def freshness(
    course: Course, assignment: str, student: str, work: str, tests: str, known: dict[str, Any] | None = None
) -> str:
    """Tell how a submission stands to its grade. work, tests: today's digests of what is handed in and what grades it;
    known: the grader's facts, where they have been read.

    NEW: not graded yet, or something else has been handed in since, or it again at a later time. OUTDATED: it was
    graded by another release of the assignment, or with other hidden data. DONE.
    """
    folder = course.folder("submitted", assignment, student)
    if not course.folder("autograded", assignment, student).is_dir():
        return NEW
    old, new = handed_in_at(course.folder("autograded", assignment, student)), handed_in_at(folder)
    if old and new and new > old:
        return NEW
    known = facts(course, assignment, student) if known is None else known
    if "work" not in known:  # graded by `nbgrader autograde`, which does not note it
        return NEW if _latest(folder) > known.get("graded_at", 0) else DONE
    if known["work"] != work:
        return NEW
    return OUTDATED if is_outdated(known, tests) else DONE


def is_outdated(facts: Mapping[str, Any], tests: str) -> bool:
    """Tell whether a graded notebook with these facts was graded with other tests, points or data than today's."""
    return bool(facts.get("tests", tests) != tests)


def drop_stale_pages(converter: Any) -> None:
    """Remove the feedback pages that do not show today's grades, so that `converter` makes them anew: it is nbgrader's
    GenerateFeedback, which leaves alone what is there."""
    course = Course(converter.coursedir.root)
    refresh(course)
    policy, tests = LatePolicy(config=course.config), functools.cache(lambda name: grading_digest(course, name))
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as gradebook:
        for folder in converter.assignments:
            where = re.match(pattern, folder)
            assert where is not None  # nbgrader has found it by that pattern
            assignment, student = where.group("assignment", "student")
            pages = Path(converter._format_dest(assignment, student))
            page = pages / f"{assignment}.html"
            with contextlib.suppress(MissingEntry, OSError):
                submission = gradebook.find_submission(assignment, student)
                late, graded = policy.seconds(submission), Path(folder) / f"{assignment}.ipynb"
                today = page_digest(submission, graded, late, tests(assignment))
                shown = _SHOWN.search(page.read_text("utf-8", "replace"))  # the first: a student's text comes later
                if shown is None or today not in shown[0]:
                    shutil.rmtree(pages)


def _graded(course: Course, assignment: str, student: str) -> Path:
    return course.folder("autograded", assignment, student) / f"{assignment}.ipynb"
