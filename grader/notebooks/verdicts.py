"""The kinds of errors that grading itself writes into a notebook: the only place where they are named."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an error output's `ename` says; its `evalue` is a sentence for the student."""

    ANSWER = "Respuesta"  # there is none, or nothing can be done with it
    CHECK = "Comprobación"  # it is not right
    BROKEN_TEST = "CorrecciónRota"  # the hidden test broke: no student's fault
    TIME = "Tiempo"  # this cell was interrupted
    STOPPED = "Detenido"  # a limit ended the notebook, here or above


def stopped_because(notebook: Mapping[str, Any]) -> str:
    """Return the sentence that says why a graded notebook was ended, "" if it was not.

    notebook: a NotebookNode, or plain JSON. A student's own error of that name counts for nothing: the grader's facts
    say whether there was a reason, and its error is the last.
    """
    if not notebook["metadata"].get("grader", {}).get("stopped"):
        return ""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    ends = [output["evalue"] for output in outputs if output.get("ename") == Kind.STOPPED]
    return ends[-1] if ends else ""
