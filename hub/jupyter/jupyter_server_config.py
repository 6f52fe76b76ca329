"""Whoever comes in finds the index of the course in their home, and the assignments in its order, and an instructor the
course; it runs as that user, when their server starts."""

import contextlib
import os
import re
import shutil
from functools import wraps
from pathlib import Path

from nbgrader.server_extensions.assignment_list.handlers import AssignmentList

c = get_config()  # noqa: F821 - given by traitlets
INDEX = Path(__file__).resolve().parents[2] / "release" / "es" / "index.ipynb"

with contextlib.suppress(OSError):  # a full or foreign home is no reason to keep anybody out
    mine = Path.home() / INDEX.name
    if not mine.exists() and not mine.is_symlink():
        shutil.copyfile(INDEX, mine)

if course := os.environ.get("COURSE_FOLDER"):  # an instructor's
    mine = Path.home() / "redes-neuronales"
    if mine != Path(course):
        with contextlib.suppress(OSError):  # a course of their own that is there stays
            mine.symlink_to(course)
        # The usual handler shows and downloads nothing that lies behind a link.
        c.FileContentsManager.files_handler_class = "jupyter_server.files.handlers.FilesHandler"
    # By a link of nbgitpuller a student could put settings of their own into an instructor's home.
    c.ServerApp.jpserver_extensions = {"nbgitpuller": False}


def in_order(listing):
    """Return a method of nbgrader's list of assignments that gives them in the order of the index, not by alphabet."""
    order = []
    with contextlib.suppress(OSError):
        order = re.findall(r"\((\w+)/\1\.ipynb\)", INDEX.read_text("utf-8"))
    places = {name: place for place, name in enumerate(order)}

    @wraps(listing)
    def listed(self, course_id=None):
        found = listing(self, course_id)
        if found["success"]:  # sorted() keeps the order of nbgrader for those that the index does not name
            found["value"] = sorted(
                found["value"],
                key=lambda one: (one.get("course_id", ""), places.get(one["assignment_id"], len(places))),
            )
        return found

    return listed


for name in ("list_released_assignments", "list_submitted_assignments"):
    setattr(AssignmentList, name, in_order(getattr(AssignmentList, name)))
