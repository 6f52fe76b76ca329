"""The executing part of grading, as a pure function that can run in any process on any machine."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .data import HIDDEN
from .execute import CourseExecute


@dataclass(frozen=True)
class Result:
    """An executed notebook (JSON text, verdicts in its outputs) and what it took."""

    notebook: str
    stopped: str  # the limit that was hit, as a key of execute.STOPPED, or ""
    seconds: float
    cpu_seconds: float
    memory_mb: float


@dataclass(frozen=True)
class Task:
    """One notebook to execute, ready to be sent to a worker; calling it does the work and returns a Result."""

    notebook: str  # JSON text of a sanitised notebook, hidden tests included
    files: dict[str, bytes]  # what lies in the notebook's working folder
    hidden: dict[str, bytes]  # what `hidden_data` finds
    limits: dict[str, float]  # fields of sandbox.Limits
    sandbox: bool = True

    def __call__(self):
        """Execute the notebook and return the Result; what the student's code does is in it, not raised."""
        with tempfile.TemporaryDirectory(prefix="hidden-") as folder:
            for name, content in self.hidden.items():
                (Path(folder) / name).write_bytes(content)
            os.environ[HIDDEN] = folder
            execute = CourseExecute(limits=self.limits, sandbox=self.sandbox, files=self.files)
            notebook, _ = execute.preprocess(nbformat.reads(self.notebook, 4), {"metadata": {}})
        facts = notebook.metadata.grader
        return Result(nbformat.writes(notebook), facts.stopped, facts.seconds, facts.cpu_seconds, facts.memory_mb)
