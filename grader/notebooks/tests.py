"""Which cells of a notebook judge the others."""

import re

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

_ASKS = re.compile(r"^\s*(from\s+grader\s+import|import\s+grader)\b", re.MULTILINE)


def is_graded_apart(cell: NotebookNode) -> bool:
    """Tell whether `cell` is graded and holds no answer: it tests those of other cells."""
    return is_grade(cell) and not is_solution(cell)


def is_test(cell: NotebookNode) -> bool:
    """Tell whether `cell` is a graded cell whose tests talk to the notebook through `student`."""
    return cell.cell_type == "code" and is_graded_apart(cell) and bool(_ASKS.search(cell.source))
