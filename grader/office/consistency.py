"""What does not fit together in a course: gradebook, sources, releases, hidden data, and what lies in the folders.

Grades that are missing for such a reason look like zeros. So it is said before anything is graded or reported.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from nbgrader.api import MissingEntry

from ..course import Course, GradingError, Key
from ..ground.text import printable
from .extensions import unknown
from .release import one_notebook

MOST_NAMES = 8
_HIDDEN = re.compile(r"""hidden_data\(\s*(["'])([^"'\n]+)\1""")


def gradable(course: Course, pairs: Collection[Key]) -> tuple[list[Key], list[str]]:
    """Return (those of the pairs (assignment, student) that can be graded, sentences on the others), each assignment
    looked at once."""
    wrong = {}
    for assignment in sorted({assignment for assignment, _ in pairs}):
        students = [student for name, student in pairs if name == assignment]
        if why := _hindrance(course, assignment):
            wrong[assignment] = f"{why} Not graded: {names(students)}."
    return [key for key in pairs if key.assignment not in wrong], list(wrong.values())


def _hindrance(course: Course, assignment: str) -> str:
    """Return why nothing of an assignment can be graded, and what to do, or ""."""
    with course.gradebook() as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
            text = "\n".join(cell.source or "" for cell in notebook.source_cells)
        except MissingEntry:
            notebook, text = None, ""
    try:
        one_notebook(course, assignment)
    except GradingError as error:
        return str(error)
    released = course.folder("release", assignment) / f"{assignment}.ipynb"
    if notebook is None or not released.is_file():
        return f"{assignment} is not released: run `grader release {assignment}` first."
    missing = sorted({name for _, name in _HIDDEN.findall(text)} - course.hidden().keys())
    if missing:
        return (
            f"The hidden tests of {assignment} read {', '.join(missing)}, which is not in "
            f"{course.root / 'data' / 'hidden'}: put it there; what ships with the course is made by `make data`."
        )
    return ""


def misfits(course: Course) -> Iterator[str]:
    """Return sentences on what is in the gradebook and not in the folders, or the other way round."""
    graded, sources = course.folders("autograded"), course.assignments()
    with course.gradebook() as gradebook:
        entries = {(entry.name, s.student_id) for entry in gradebook.assignments for s in entry.submissions}
        phantoms = {e.name: len(e.submissions) for e in gradebook.assignments if e.name not in sources}
        extended = list(unknown(course, gradebook))
    forgotten = sorted(graded - entries)
    if forgotten and not entries:
        yield lost(len(forgotten))
    elif forgotten:
        students = sorted({student for _, student in forgotten})
        yield (
            f"Graded before, and not in the gradebook any more: {names(f'{s}/{a}' for a, s in forgotten)}. `grader "
            f"autograde` grades them again and enters them; whoever has left the course goes with `grader drop "
            f"{students[0]}`."
        )
    yield from extended
    for name, taken in phantoms.items():
        yield (
            f"{name} is in the gradebook, with {taken} submissions, and no folder of source/ is called so. If it "
            f"is a misspelling, `nbgrader db assignment remove --force {name}` takes it away; else put its source back."
        )


def lost(count: int) -> str:
    """Return what to do where the gradebook knows nothing of `count` graded notebooks."""
    return (
        f"The gradebook has no grades, but autograded/ has {count} graded notebooks: it has been lost or emptied. Put "
        "a copy of it back; without one, `grader release` and then `grader autograde` grade all again, and points and "
        "comments given by hand are gone."
    )


def newcomers(course: Course, pairs: Iterable[Key]) -> list[str]:
    """Return the students of pairs that are not in the gradebook, where a class has been entered in it by names."""
    with course.gradebook() as gradebook:
        students = list(gradebook.students)
    if not any(student.first_name or student.last_name or student.email for student in students):
        return []
    return sorted({student for _, student in pairs} - {student.id for student in students})


def counted(texts: Iterable[str]) -> str:
    """Return how many students these are, and some of their names."""
    texts = set(texts)
    return f"{len(texts)} student{'s' if len(texts) != 1 else ''} ({names(texts)})"


def names(texts: Iterable[str]) -> str:
    """Return some of the texts, and how many more there are."""
    texts = sorted({printable(text) for text in texts})
    more = f" and {len(texts) - MOST_NAMES} more" if len(texts) > MOST_NAMES else ""
    return ", ".join(texts[:MOST_NAMES]) + more
