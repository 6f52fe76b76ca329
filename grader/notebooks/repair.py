"""Bring a submitted notebook's nbgrader cells back to what was released, whatever happened to them.

nbgrader's own preprocessors trust a submission's metadata: a copied, deleted, retyped or unmarked cell can stop
the grading of that notebook, wait for manual grading for ever, or escape its test; what a student has written into a
locked cell is thrown away. Here cells that lost their marks are found, what was added to a locked cell gets a cell of
its own, locked cells go back to their places, and all of it is said in the notebook.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum

from .locked import Added, Budget, added
from .matching import Matching, by_content, by_id, by_marks, by_names, by_place, by_source
from .placing import ANSWER, PLACES, RESTORED, as_type, postpone, restore
from .released import Released, in_release, marked_cells, with_wanted
from .remarks import Split, note, on_locked, on_marks, on_split, tell_on_top
from .versions import VERSION, versions


class RepairCells(NbGraderPreprocessor):
    """Restore marks, locked cells and single copies. In nb.metadata.grader, `remark` is what the instructor should
    know, `started` and `release` the versions that the student started from and that is graded."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return `nb`, repaired in place, and `resources`. Runs before nbgrader's sanitising preprocessors."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(where["notebook"], where["assignment"])
            known, last = marked_cells(notebook, self), versions(notebook)[-1:]
        course = CourseDirectory(parent=self)
        folder = course.format_path(course.release_directory, ".", where["assignment"])
        path = Path(folder) / f"{where['notebook']}.ipynb"
        if path.is_file():
            known = in_release(known, nbformat.read(path, as_version=4))
        started, release = str(nb.metadata.get(VERSION, ""))[:12], last[0].version if last else ""
        nb.cells, remarks = repaired(nb.cells, with_wanted(known), is_older=started not in ("", release))
        nb.metadata["grader"] = {"remark": " ".join(remarks), "started": started, "release": release}
        tell_on_top(nb, remarks)
        return nb, resources


def repaired(
    cells: list[NotebookNode], released: list[Released], *, is_older: bool = False
) -> tuple[list[NotebookNode], list[str]]:
    """Return the cells as they are to be graded, and sentences on what was wrong with them, for the student.

    is_older: the student began with another release, in which there may have been other cells.
    """
    matching = Matching(released)
    for cell in cells:
        for name in (PLACES, ANSWER, RESTORED):
            cell.metadata.pop(name, None)
    cells = _without_copies(cells, matching)
    marked = set(matching)
    by_id(cells, matching)
    by_source(cells, matching)
    cells, splits = _split_all(cells, matching)
    by_names(cells, matching)
    by_place(cells, matching)
    remarks = [*on_marks(cells, matching, marked, is_older), *on_locked(splits)]
    cells = _explain(cells, matching, splits)
    cells = [_as_released(cell, matching) for cell in cells]
    return postpone(restore(cells, matching, note), matching, note), remarks


def _without_copies(cells: list[NotebookNode], matching: Matching) -> list[NotebookNode]:
    """Match cells by their marks; return them without other marks, and without mere copies of tests and checks.

    These do nothing for the student, but for what may have been written into them. A copy of another locked cell gives
    its names once more, maybe since they were used for something else.
    """
    copies = {id(cell): known for cell, known in by_marks(cells, matching)}
    kept = []
    for cell in cells:
        known = copies.get(id(cell))
        if id(cell) not in matching:
            cell.metadata.pop("nbgrader", None)
        if known is not None and known.locked and known.is_as_released(cell):
            if not known.graded and matching.names(cell.source).gives - {"_check"}:
                kept.append(cell)
            continue
        if known is not None:
            which = "es una copia cambiada: cuenta la original" if known.locked else "está repetida: cuenta la última"
            kept.append(note(f"La celda `{known.grade_id}` {which}."))
        kept.append(cell)
    return kept


def _split_all(cells: list[NotebookNode], matching: Matching) -> tuple[list[NotebookNode], list[Split]]:
    """Take out of locked cells what was added to them; return the cells and a list of splits.

    A split: (cell, its Released, added cells, whether the rest was changed). What was added can hold other locked
    cells, as when cells were merged, and so on.
    """
    done: set[int] = set()
    splits: list[Split] = []
    budget = Budget()
    while True:
        by_content(cells, matching)
        new = {id(cell) for cell in cells if matching.is_locked(cell)} - done
        if not new:
            return cells, splits
        result = []
        for cell in cells:
            before: list[NotebookNode] = []
            after: list[NotebookNode] = []
            if id(cell) in new:
                known = matching.of(cell)
                assert known is not None  # it is locked
                parts = _take_out(cell, known, budget)
                before, after = ([_like(cell, text)] if text else [] for text in (parts.before, parts.after))
                if before or after or parts.changed:
                    splits.append((cell, known, before + after, parts.changed))
            result += [*before, cell, *after]
        done |= new
        cells = result
        by_source(cells, matching)


def _take_out(cell: NotebookNode, known: Released, budget: Budget) -> Added:
    """Return what the student added to a locked cell, which then is as it was released."""
    parts = added(cell.source, known.visible, cell.cell_type == known.cell_type == "code", budget)
    if parts.changed and _is_of_older_release(cell):
        parts = Added()
    cell.source = known.source
    return parts


def _is_of_older_release(cell: NotebookNode) -> bool:
    """Tell whether the cell is just as nbgrader released it some time: then no student has changed it."""
    try:
        return bool(cell.metadata.nbgrader.checksum == compute_checksum(cell))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _like(cell: NotebookNode, source: str) -> NotebookNode:
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    made: NotebookNode = make(source)
    return made


def _explain(cells: list[NotebookNode], matching: Matching, splits: list[Split]) -> list[NotebookNode]:
    """Return `cells` with a note before each locked cell that was changed, and additions before the test they were in.

    Additions that are released cells themselves stay where they are.
    """
    for cell, known, additions, changed in splits:
        loose = [one for one in additions if matching.of(one) is None] if known.graded else []
        cells = [one for one in cells if not any(one is other for other in loose)]
        at = next(n for n, one in enumerate(cells) if one is cell)
        cells[at:at] = [*loose, note(on_split(known, additions, changed))]
    return cells


def _as_released(cell: NotebookNode, matching: Matching) -> NotebookNode:
    """Return a matched cell with the type and marks that it was released with."""
    known = matching.of(cell)
    if known is None or not known.marks:
        return cell
    new = as_type(cell, known.cell_type)
    if new is not cell:
        matching.pop(id(cell))
        matching.add(new, known)
    new.metadata["nbgrader"] = nbformat.from_dict(known.marks)
    return new
