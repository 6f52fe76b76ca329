"""The executing part of grading: a Task has all that it needs, and runs in any process of a machine with bubblewrap.

While it runs, it sets the environment variable by which `hidden_data` finds its files: one at a time in a process.
"""

import logging
import os
import tempfile
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Self

import nbformat

from . import judging
from .course import Course
from .data import HIDDEN
from .execute import CourseExecute
from .kernel.limits import Limits, Stop
from .kernel.slot import STACK
from .kernel.watch import START_SECONDS


@dataclass(frozen=True)
class Result:
    """An executed notebook (JSON text, verdicts in its outputs) and what it took."""

    notebook: str
    stopped: Stop | None  # why nothing more could run, if so
    seconds: float
    cpu_seconds: float
    memory_mb: float


@dataclass(frozen=True)
class Task:
    """One notebook to execute, ready to be sent to a worker; calling it does the work and returns a Result."""

    notebook: str  # JSON text of a sanitised notebook, hidden tests included
    files: dict[str, bytes]  # what lies in the notebook's working folder
    hidden: dict[str, bytes]  # what `hidden_data` finds
    limits: dict[str, Any]  # fields of Limits
    sandbox: bool = True
    preload: tuple[str, ...] = STACK  # modules that are imported before

    @classmethod
    def of(cls, course: Course, notebook: str, files: dict[str, bytes], sandbox: bool = True) -> Self:
        """Return the Task of a course's notebook, JSON text, with what lies beside it."""
        limits = dict(course.config.CourseExecute.limits)
        return cls(notebook, files, course.hidden(), limits, sandbox, course.preload())

    @property
    def seconds(self) -> float:
        """Real seconds that a worker can need for it at most: two executions and their hidden tests."""
        limits = Limits(**self.limits)
        return 2 * (START_SECONDS + 2 * limits.busy_factor * limits.wall_seconds)

    def __call__(self) -> Result:
        """Execute the notebook and return the Result; what the student's code does is in it, not raised."""
        with tempfile.TemporaryDirectory(prefix="hidden-") as folder:
            for name, content in self.hidden.items():
                (Path(folder) / name).write_bytes(content)
            os.environ[HIDDEN] = folder
            execute = CourseExecute(
                limits=self.limits, sandbox=self.sandbox, preload=list(self.preload), files=self.files
            )
            notebook, _ = execute.preprocess(nbformat.reads(self.notebook, 4), {"metadata": {}})
        facts = notebook.metadata.grader
        stopped = Stop(facts.stopped) if facts.stopped else None
        return Result(nbformat.writes(notebook), stopped, facts.seconds, facts.cpu_seconds, facts.memory_mb)


def start() -> None:
    """Make this process a worker: it ends with the grader, and its sandbox with it, even if that is killed."""
    judging.fork_mother()
    logging.getLogger("asyncio").disabled = True  # it tells of nbclient's tasks whose kernel has gone
    end_with_parent()


def end_with_parent() -> None:
    """End this process, one of multiprocessing's, when the one that has started it ends."""

    def watch() -> None:
        parent = parent_process()
        assert parent is not None
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, name="watch grader", daemon=True).start()
