"""A source that cannot be released: which cell it is, and what to do."""

import json
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.office.sources import source_faults

from .course import ASSIGNMENTS, ROOT, cell


def solution(grade_id="x"):
    return cell(new_code_cell, "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", grade_id, solution=True)


def graded(source="assert x", grade_id="x-test", **marks):
    return cell(new_code_cell, source, grade_id, **{"grade": True, "locked": True, "points": 1, **marks})


FAULTS = {
    "twice": ([solution(), solution(), graded()], "Cell 2 (x) has the id of another cell: give it another grade_id."),
    "no id": ([solution(), graded(grade_id="")], "Cell 2 has no id"),
    "blank": ([solution("a b")], "Cell 1 (a b) has no id, or one with more than letters"),
    "no points": ([graded(points=None)], "Cell 1 (x-test) is graded and has no points"),
    "text": ([graded(points="3")], "points that are no number of 0 or more"),
    "negative": ([graded(points=-1)], "points that are no number of 0 or more"),
    "no end": (
        [new_code_cell("### BEGIN SOLUTION\nx = 1")],
        "Cell 1 has a region SOLUTION that begins and does not end",
    ),
    "hidden": ([graded("### BEGIN HIDDEN TESTS\nassert x")], "Cell 1 (x-test) has a region HIDDEN TESTS"),
    "no Python": (
        [graded("x = 1\nasert x == 1")],
        "Cell 1 (x-test), line 2, is no Python, so that nobody could pass it",
    ),
    "old": ([graded(schema_version=1)], "`nbgrader update "),
    "target": ([graded("assert x < TARGET_X")], "TARGET_X is not in the cell targets"),
    "targets": (
        [cell(new_code_cell, "TARGET_X = = 1", "targets", locked=True)],
        "The cell targets, line 1, is no Python",
    ),
}


def faults(tmp_path, text):
    (tmp_path / "doble.ipynb").write_text(text, "utf-8")
    return source_faults(SimpleNamespace(folder=lambda *_: tmp_path), "doble")


@pytest.mark.parametrize("name", FAULTS)
def test_the_cell_is_named(tmp_path, name):
    cells, said = FAULTS[name]
    for one in cells:
        if one.metadata.get("nbgrader", {}).get("points", 0) is None:
            del one.metadata.nbgrader["points"]
    found = faults(tmp_path, json.dumps(nbformat.from_dict({**new_notebook(), "cells": cells})))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "no notebook"])
def test_what_is_no_notebook_is_named(tmp_path, text):
    [fault] = faults(tmp_path, text)
    assert "is no notebook that can be read: put back a copy of it" in fault


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_course_has_none(tmp_path, assignment):
    assert not faults(tmp_path, (ROOT / "source" / "es" / assignment / f"{assignment}.ipynb").read_text("utf-8"))
