"""The page that `make lab` opens: every notebook, with a link that works and the time it names itself."""

import re

import nbformat
import pytest

from .course import ASSIGNMENTS, ROOT, notebook

ROW = re.compile(r"^\| (\d) \| \*\*\[(.+)\]\((.+)\)\*\* \| (.+) \| (\d+)\xa0min \|$", re.MULTILINE)
IN_WORDS = {"una hora": 60, "hora y media": 90, "dos horas": 120}
SOURCE = ROOT / "source" / "es" / "index.ipynb"


@pytest.fixture(scope="module")
def rows():
    """Return {assignment: (place, title, link, aim, minutes)} of the table."""
    text = "\n".join(cell.source for cell in nbformat.read(SOURCE, as_version=4).cells)
    return {row[2].partition("/")[0]: row for row in ROW.findall(text)}


def minutes(assignment):
    """Return the minutes that a notebook's own «Duración» names."""
    text = re.search(r"\*\*Duración\.\*\* (.+)", notebook("source", assignment).cells[0].source).group(1)
    number = re.search(r"(\d+) minutos", text)
    return int(number.group(1)) if number else next(IN_WORDS[words] for words in IN_WORDS if words in text)


def test_lists_every_assignment_once_and_in_order(rows):
    assert sorted(rows) == ASSIGNMENTS
    assert [int(place) for place, *_ in rows.values()] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_row_agrees_with_its_notebook(rows, assignment):
    _, title, link, aim, time = rows[assignment]
    assert f"# {title}" == notebook("source", assignment).cells[0].source.split("\n")[0]
    assert (ROOT / "release" / "es" / link).is_file()
    assert len(aim.split()) >= 10
    assert int(time) == minutes(assignment)


def test_is_valid_locked_text_and_released_as_it_is():
    index = nbformat.read(SOURCE, as_version=4)
    nbformat.validate(index)
    assert {cell.cell_type for cell in index.cells} == {"markdown"}
    assert not any(cell.metadata.editable or cell.metadata.deletable for cell in index.cells)
    assert (ROOT / "release" / "es" / "index.ipynb").read_bytes() == SOURCE.read_bytes(), "run `make release`"
