"""Bring a submitted notebook's nbgrader cells back to what was released, whatever happened to them.

nbgrader's own preprocessors trust a submission's metadata: a copied, deleted, retyped or unmarked cell can stop
the grading of that notebook, wait for manual grading for ever, or escape its test.
"""

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


class RepairCells(NbGraderPreprocessor):
    """Restore metadata, missing locked cells and single copies from the gradebook, saying so in the notebook."""

    def preprocess(self, nb, resources):
        """Return `nb`, repaired in place, and `resources`. Runs before nbgrader's sanitising preprocessors."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(where["notebook"], where["assignment"])
            tasks = {cell.name for cell in notebook.task_cells}
            points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
            solutions = {cell.name for cell in notebook.solution_cells}
            released = {
                cell.name: {
                    "cell_type": cell.cell_type,
                    "source": cell.source,
                    "metadata": {
                        "grade_id": cell.name,
                        "grade": cell.name in points and cell.name not in tasks,
                        "solution": cell.name in solutions,
                        "locked": cell.locked,
                        "checksum": cell.checksum,
                        "cell_type": cell.cell_type,
                        "schema_version": 3,
                        "task": cell.name in tasks,
                        **({"points": points[cell.name]} if cell.name in points else {}),
                    },
                }
                for cell in notebook.source_cells
            }
        nb.cells = _restore_missing(_restore_marks(nb.cells, released), released)
        return nb, resources


def _restore_marks(cells, released):
    """Give each released cell its type and metadata back; of copies, only the last one counts."""
    seen, kept = set(), []
    for cell in reversed(cells):
        marks = cell.metadata.pop("nbgrader", None)
        grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
        if not isinstance(grade_id, str) or grade_id not in released:
            kept.append(cell)
            continue
        known = released[grade_id]
        if grade_id in seen:
            if known["metadata"]["locked"]:
                continue  # a copy of a check or test does nothing for the student
            kept.extend([cell, _note(f"La celda `{grade_id}` está repetida: cuenta la última.")])
            continue
        seen.add(grade_id)
        cell = _as_type(cell, known["cell_type"])
        cell.metadata["nbgrader"] = nbformat.from_dict(known["metadata"])
        kept.append(cell)
    return kept[::-1]


def _restore_missing(cells, released):
    """Put deleted locked and graded cells back behind the released cell that they followed."""
    place = {cell.metadata.nbgrader.grade_id: n for n, cell in enumerate(cells) if "nbgrader" in cell.metadata}
    inserts, last = {}, -1
    for grade_id, known in released.items():
        if grade_id in place:
            last = place[grade_id]
        elif known["metadata"]["locked"] or known["metadata"]["grade"]:
            cell = _as_type(nbformat.v4.new_code_cell(), known["cell_type"])
            cell.source = known["source"]
            cell.metadata["nbgrader"] = nbformat.from_dict(known["metadata"])
            note = _note(f"La celda `{grade_id}` faltaba en tu entrega: se ha repuesto para corregirla.")
            inserts.setdefault(last, []).extend([note, cell])
    result = list(inserts.get(-1, []))
    for n, cell in enumerate(cells):
        result += [cell, *inserts.get(n, [])]
    return result


def _as_type(cell, cell_type):
    if cell.cell_type == cell_type:
        return cell
    new = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return new(cell.source, metadata=cell.metadata)


def _note(text):
    return nbformat.v4.new_markdown_cell(f"⚠️ {text}")
