"""The versions of a released notebook, and the gradebook locked against grading without this course's
nbgrader_config.py.

A version is the digest of what students get. It stands in the notebook's metadata, as `release`, and the gradebook
keeps the last ones, each with the digest of what grades it (grader.office.freshness) and its time. nbgrader's tables
have no place for that but a notebook's kernelspec: JSON, which may hold more than nbgrader asks of it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nbformat import NotebookNode

# nbgrader has notebooks executed by the kernel that the gradebook names. There is none of this name, which only
# grader.execute needs not: where nbgrader has not read nbgrader_config.py, as after an error in it, nothing runs.
NO_KERNEL = "this-course-is-graded-in-its-sandbox-only--is-there-an-error-in-nbgrader_config.py"
VERSION = "release"  # in a notebook's metadata
KEPT = 10  # releases of a notebook; nbgrader's column takes 1024 characters


class Version(NamedTuple):
    """A release of a notebook. version: the digest of what students got; tests: of what graded it; time: in UTC."""

    version: str
    tests: str
    time: str


def version_of(notebook: NotebookNode) -> str:
    """Return the digest of a released notebook's cells: what they say, and for how many points."""
    marks = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    cells = [
        (cell.cell_type, cell.source, mark.get("grade_id"), mark.get("points"))
        for cell, mark in zip(notebook.cells, marks, strict=True)
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def versions(notebook: Any) -> list[Version]:
    """Return the last Versions of a notebook of the gradebook, the present one last; [] if none is known."""
    try:
        return [Version(*map(str, entry)) for entry in json.loads(notebook.kernelspec)["releases"]]
    except (ValueError, LookupError, TypeError):
        return []


def note(notebook: Any, known: list[Version]) -> None:
    """Write the record of a gradebook's notebook: no kernel that could be found, and its Versions, each once."""
    if len(known) > 1 and known[-1][:2] == known[-2][:2]:
        known = known[:-1]
    spec = {"name": NO_KERNEL, "display_name": NO_KERNEL, "language": "python", "releases": known[-KEPT:]}
    if notebook.kernelspec != (text := json.dumps(spec)):
        notebook.kernelspec = text


def lock(gradebook: Any, notebooks: Iterable[Any]) -> None:
    """Let no kernel be found for `notebooks` of an open Gradebook, unless the sandbox gives one."""
    for notebook in notebooks:
        note(notebook, versions(notebook))
    gradebook.db.commit()


def begun_with(facts: Mapping[str, Any], known: Iterable[Version]) -> str:
    """Return the time of the older release that a work was begun with, "?" if it is not known any more, "" if there is
    none to tell. facts: of the graded notebook; known: the Versions of the gradebook's."""
    started, graded = facts.get("started"), facts.get("release")
    if not started or not graded or started == graded:
        return ""
    return {version.version: version.time for version in known}.get(started, "?")
