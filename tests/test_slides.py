"""The table from the lecture slides to the notebooks names real sections, and leaves none out."""

import re

import pytest

from .course import ASSIGNMENTS, ROOT, notebook

COLUMNS = ("slide idea", "notebook", "section")
APART = ("Resumen", "Para seguir")  # they close every notebook and teach nothing new


def table():
    """Return the rows of the table as (idea, notebook, section)."""
    lines = [line for line in (ROOT / "docs" / "slides.md").read_text("utf-8").splitlines() if line.startswith("|")]
    header, _, *rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    assert header == COLUMNS
    assert all(len(row) == len(COLUMNS) and all(row) for row in rows), "a row without its three cells"
    return rows


def sections(assignment):
    """Return {heading: the ## heading it stands under, itself if it is one} of a source notebook."""
    parents, parent = {}, None
    for cell in notebook("source", assignment).cells:
        if cell.cell_type == "markdown":
            for level, text in re.findall(r"^(##|###) +(.+?) *$", cell.source, re.MULTILINE):
                parent = text if level == "##" else parent
                assert text not in parents, f"{assignment}: two sections named {text!r}"
                parents[text] = parent
    return parents


def test_table_is_whole():
    rows = table()
    assert len(rows) >= 30
    assert len(set(rows)) == len(rows), "a row twice"
    assert {name for _, name, _ in rows} <= set(ASSIGNMENTS)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_named_sections_exist(assignment):
    named = {section for _, name, section in table() if name == assignment}
    assert named <= sections(assignment).keys(), f"no such heading: {named - sections(assignment).keys()}"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_section_floats_free(assignment):
    parents = sections(assignment)
    reached = {parents[section] for _, name, section in table() if name == assignment and section in parents}
    missing = set(parents.values()) - reached - set(APART)
    assert not missing, f"in no row: {missing}"
