"""One at a time changes a class: who grades it, moves it, or changes what its gradebook is made of."""

import contextlib
import fcntl
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from ..course import GradingError

STAGING = ".grading"  # the folder in which submissions are laid out to be graded


@contextlib.contextmanager
def at_work(staging: Path) -> Iterator[Path]:
    """Hold the staging folder, emptied, for this process alone. Raises GradingError."""
    try:
        staging.mkdir(exist_ok=True)
        file = (staging / "lock").open("a+")
    except PermissionError as error:
        raise GradingError(
            f"{error.filename} is not yours to write: grade as its owner, or share {staging.parent} with a group as "
            "docs/operator.md says."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise GradingError(
                f"Another grader, {file.read()}, is at work in {staging.parent}: wait until it is done, then run the "
                "same command again."
            ) from None
        file.truncate(0)
        file.write(f"of {psutil.Process().username()} since {time.strftime('%H:%M')}")
        file.flush()
        for step in ("submitted", "autograded"):
            shutil.rmtree(staging / step, ignore_errors=True)
        yield staging
