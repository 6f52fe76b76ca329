"""A gradebook brought to a changed source while there are grades: cells come and go, the grades of all others stay.

nbgrader refuses to release such a source. Grades of cells that are gone go with them, so the gradebook is copied first.
"""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, GradeCell, SolutionCell, SourceCell, TaskCell
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from ..course import Course

KINDS = {GradeCell: is_grade, SolutionCell: is_solution, TaskCell: is_task}


def migrate(course: Course, assignment: str) -> Path | None:
    """Let the gradebook have the cells of the assignment's source, and all submissions of it a place for their grades
    and comments; return the path of a copy of the gradebook as it was, None where it is not a file.

    What is new has no points until it is graded again: the work then counts as graded with older tests.
    """
    cells = [cell for cell in course.source(assignment).cells if "grade_id" in cell.metadata.get("nbgrader", {})]
    copy = copy_of(course)
    with course.gradebook() as gradebook:
        notebook = gradebook.find_notebook(assignment, assignment)
        for kind, is_kind in KINDS.items():
            wanted = {cell.metadata.nbgrader.grade_id: cell for cell in cells if is_kind(cell)}
            known = {cell.name: cell for cell in gradebook.db.query(kind).filter_by(notebook_id=notebook.id)}
            for name in known.keys() - wanted.keys():
                _remove(gradebook.db, known[name])
            for name in wanted.keys() - known.keys():
                _add(gradebook.db, notebook, kind, wanted[name])
        marked = {c.metadata.nbgrader.grade_id for c in cells if is_locked(c) or any(f(c) for f in KINDS.values())}
        for cell in gradebook.db.query(SourceCell).filter_by(notebook_id=notebook.id):
            if cell.name not in marked:
                gradebook.db.delete(cell)
            marked.discard(cell.name)
        by_name = {cell.metadata.nbgrader.grade_id: cell for cell in cells}
        for name in marked:  # the rest of it, nbgrader fills in
            gradebook.db.add(SourceCell(name=name, notebook_id=notebook.id, cell_type=by_name[name].cell_type))
        gradebook.db.commit()
    return copy


def copy_of(course: Course) -> Path | None:
    """Copy a gradebook that is a file to gradebook-<time>.db beside it, even while it is in use; return the path."""
    path = course.gradebook_file()
    if path is None:
        return None
    copy = path.with_name(f"{path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{path.suffix}")
    with (
        contextlib.closing(sqlite3.connect(path)) as old,
        contextlib.closing(sqlite3.connect(copy)) as new,
    ):
        old.backup(new)
    return copy


def _remove(db: Any, cell: Any) -> None:
    for kind in (Grade, Comment):
        db.query(kind).filter_by(cell_id=cell.id).delete()
    db.delete(cell)
    db.flush()  # before a cell of the same name comes


def _add(db: Any, notebook: Any, kind: Any, cell: NotebookNode) -> None:
    marks = cell.metadata.nbgrader
    facts = {} if kind is SolutionCell else {"max_score": float(marks.points), "cell_type": cell.cell_type}
    new = kind(name=marks.grade_id, notebook_id=notebook.id, **facts)
    db.add(new)
    db.flush()  # it has an id then
    for submission in notebook.submissions:
        if kind is not SolutionCell:
            db.add(Grade(cell_id=new.id, notebook_id=submission.id, needs_manual_grade=True))
        if kind is not GradeCell:
            db.add(Comment(cell_id=new.id, notebook_id=submission.id))
