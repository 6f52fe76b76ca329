"""What all notebooks of an edition share: their cell `setup`, whose one source is source/<edition>/setup.py."""

from pathlib import Path

import nbformat

from ..course import Course
from ..ground.files import whole

SETUP = "setup"  # grade id of the cell


def setup_file(course: Course) -> Path:
    """Return the path of the file, which a course need not have."""
    return course.folder("source", ".") / f"{SETUP}.py"


def write_setup(course: Course, assignment: str) -> bool:
    """Write the file into the cell of an assignment's source notebook; tell whether that was needed."""
    file, path = setup_file(course), course.folder("source", assignment) / f"{assignment}.ipynb"
    if not file.is_file() or not path.is_file():
        return False
    text, notebook = file.read_text("utf-8").rstrip("\n"), nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == SETUP]
    older = [cell for cell in cells if cell.source != text]
    for cell in older:
        cell.source = text
    if older:
        with whole(path) as part:
            nbformat.write(notebook, part)
    return bool(older)
