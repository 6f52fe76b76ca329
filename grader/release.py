"""`nbgrader generate_assignment`, stopped in time: before it removes a release that it then cannot make anew; and the
gradebook locked against grading without this course's nbgrader_config.py."""

import json
import re
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

# nbgrader has notebooks executed by the kernel that the gradebook names. There is none of this name, which only
# grader.execute needs not: where nbgrader has not read nbgrader_config.py, as after an error in it, nothing runs.
NO_KERNEL = "this-course-is-graded-in-its-sandbox-only--is-there-an-error-in-nbgrader_config.py"


class ReleaseExporter(NotebookExporter):
    """Makes the students' notebook. Before that, it holds the sources against the gradebook (see `check`)."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if hasattr(self.parent, "create_assignment"):
            check(self.parent)

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the notebook as released, and `resources`; the gradebook's own record of it is locked."""
        made = super().from_notebook_node(nb, resources, **kwargs)
        where = (resources or {}).get("nbgrader")
        if where and hasattr(self.parent, "create_assignment"):
            with Gradebook(where["db_url"]) as gradebook:
                lock(gradebook, [gradebook.find_notebook(where["notebook"], where["assignment"])])
        return made


def lock(gradebook, notebooks):
    """Let no kernel be found for `notebooks` of an open Gradebook, unless the sandbox gives one."""
    spec = json.dumps({"name": NO_KERNEL, "display_name": NO_KERNEL, "language": "python"})
    for notebook in notebooks:
        if notebook.kernelspec != spec:
            notebook.kernelspec = spec
    gradebook.db.commit()


def unreleased(course, assignment):
    """Return what has changed in source/ since the last release, by which work is graded: tests, other locked cells,
    points; a list of texts."""
    try:
        source = course.source(assignment)
        found = _marked(source)
    except (OSError, ValueError, LookupError, AttributeError):
        return []  # it does not grade; `nbgrader generate_assignment` says what is wrong with it
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


def check(converter):
    """Raise NbGraderException if nbgrader will refuse to release, as when graded cells change after the first grades.

    nbgrader finds that out too late: the released notebook is gone by then.

    converter: nbgrader's GenerateAssignment, its notebooks found.
    """
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as gradebook:
        for folder, notebooks in converter.assignments.items():
            name = re.match(pattern, folder)["assignment"]
            try:
                assignment = gradebook.find_assignment(name)
            except MissingEntry:
                continue
            if not assignment.submissions:
                continue
            known = {n.name: _known(n) for n in assignment.notebooks}
            found = {Path(path).stem: _marked(nbformat.read(path, as_version=4)) for path in notebooks}
            if changes := _changes(known, found):
                said = (
                    f"{name} was not released, and nothing is changed: {len(assignment.submissions)} students have "
                    f"grades in it, and in its source {', '.join(changes)}. Either undo that in the source and release "
                    "again, or forget these grades, those given by hand too, and grade anew: `nbgrader db assignment "
                    f"remove --force {name}`, `nbgrader generate_assignment --force {name}`, `grader autograde --force "
                    f"{name}`."
                )
                converter.log.error(said)
                raise NbGraderException(said)


def _changes(known, found):
    """Return what is new and what is gone. known, found: {notebook: {(kind, grade_id)}}."""
    changes = [f"the notebook {name} is new" for name in sorted(found.keys() - known.keys())]
    changes += [f"the notebook {name} is gone" for name in sorted(known.keys() - found.keys())]
    for notebook in sorted(known.keys() & found.keys()):
        for text, cells in (("new", found[notebook] - known[notebook]), ("gone", known[notebook] - found[notebook])):
            changes += [f"the cell {grade_id} is {text}" for grade_id in sorted({grade_id for _, grade_id in cells})]
    return changes


def _known(notebook):
    kinds = (notebook.grade_cells, notebook.solution_cells, notebook.task_cells, notebook.source_cells)
    return {(kind, cell.name) for kind, cells in enumerate(kinds) for cell in cells}


def _marked(notebook):
    """Return the same of a notebook of source/."""
    kinds = (
        is_grade,
        is_solution,
        is_task,
        lambda cell: any(f(cell) for f in (is_grade, is_solution, is_task, is_locked)),
    )
    marked = [(n, cell) for n, kind in enumerate(kinds) for cell in notebook.cells if kind(cell)]
    return {(n, cell.metadata.nbgrader.grade_id) for n, cell in marked}
