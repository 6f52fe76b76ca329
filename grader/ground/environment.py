"""What every process of the grader sets first."""

import os
import sys
from pathlib import Path

from . import database


def prepare() -> None:
    """Let nbgrader find its `alembic`, whether this environment has been activated or not, wait for a locked gradebook,
    and say nothing that is of no use; let every process import the installed grader."""
    database.install()
    os.environ["PYTHONSAFEPATH"] = "1"  # a folder `grader` in the working folder is not the one that grades
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
