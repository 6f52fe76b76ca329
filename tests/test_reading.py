"""What JupyterLab opens is read; what it refuses, for being no notebook at all, is not."""

import copy
import json
import random

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.notebooks import reading
from grader.notebooks.reading import normalised, parsed

from .course import DRAW

SOURCES = ["# Título ñ", "x = 'ñ€'\nprint(x)", "def f(x):\n    return 2 * x"]
MARKS = {"grade_id": "f", "solution": True}


def plain_notebook():
    cells = [new_markdown_cell(SOURCES[0]), *map(new_code_cell, SOURCES[1:])]
    cells[2].metadata["nbgrader"] = MARKS
    return json.loads(nbformat.writes(new_notebook(cells=cells)))


def read(nb):
    """Return the sources after a round through the file's bytes, the result being sound."""
    result = normalised(parsed(json.dumps(nb).encode()))
    nbformat.validate(nbformat.from_dict(json.loads(nbformat.writes(result))))
    assert all(cell.outputs == [] for cell in result.cells if cell.cell_type == "code")
    return [cell.source for cell in result.cells]


ODD_CELL = [
    {"id": None}, {"id": "#VSC-1"}, {"id": "a" * 90}, {"id": 3}, {"outputs": "no"}, {"outputs": None},
    {"execution_count": "3"}, {"execution_count": -1}, {"execution_state": "idle"}, {"outputExpanded": False},
    {"metadata": None}, {"metadata": {"tags": ["a", "a", "b, c", 3]}}, {"metadata": {"tags": "a"}},
    {"metadata": {"name": ""}}, {"metadata": {"collapsed": "true"}}, {"metadata": {"jupyter": {"source_hidden": 1}}},
    {"metadata": {"nbgrader": "no"}}, {"metadata": {"nbgrader": {"grade_id": "\ud800"}}}, {"attachments": None},
    {"attachments": {"a.png": "no"}}, {"attachments": {"a.png": {"image/png": "\udfff"}}},
]  # fmt: skip
ODD_TOP = [
    {"nbformat_minor": 0}, {"nbformat_minor": 4}, {"nbformat_minor": 99}, {"nbformat_minor": None}, {"signature": "x"},
    {"metadata": None}, {"metadata": {"kernelspec": None}}, {"metadata": {"kernelspec": {"name": "mi"}}},
    {"metadata": {"kernelspec": [], "language_info": {"version": "3"}}}, {"metadata": {"orig_nbformat": None}},
    {"metadata": {"authors": 3, "title": 4, "widgets": {"a": None}}}, {"worksheets": []},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_CELL, ids=str)
@pytest.mark.parametrize("n", range(3))
def test_odd_cells_keep_their_sources(odd, n):
    nb = plain_notebook()
    nb["cells"][n].update(odd)
    assert read(nb) == SOURCES


@pytest.mark.parametrize("odd", ODD_TOP, ids=str)
def test_odd_notebooks_keep_their_cells(odd):
    assert read({**plain_notebook(), **odd}) == SOURCES


@pytest.mark.parametrize("key", ["id", "metadata", "outputs", "execution_count"])
def test_what_is_missing_of_a_cell_is_filled_in(key):
    nb = plain_notebook()
    for cell in nb["cells"]:
        cell.pop(key, None)
    nb.pop("metadata" if key == "metadata" else "nbformat_minor")
    assert read(nb) == SOURCES


@pytest.mark.parametrize("seed", [DRAW.randrange(10**6) for _ in range(20)])
def test_any_mixture_is_read(seed):
    draw, nb = random.Random(seed), plain_notebook()
    nb.update(copy.deepcopy(draw.choice(ODD_TOP)))
    for cell in nb["cells"]:
        for odd in draw.sample(ODD_CELL, draw.randrange(4)):
            cell.update(copy.deepcopy(odd))
        for key in draw.sample(["id", "metadata", "outputs", "execution_count"], draw.randrange(3)):
            cell.pop(key, None)
    assert read(nb) == SOURCES


def test_ids_and_marks_are_kept_and_repeated_ids_are_not():
    nb = plain_notebook()
    for cell, own in zip(nb["cells"], ("a", "b", "b"), strict=True):
        cell["id"] = own
    cells = normalised(nb).cells
    assert [cell.id for cell in cells[:2]] == ["a", "b"] and cells[2].id not in ("a", "b")
    assert cells[2].metadata.nbgrader == MARKS


@pytest.mark.parametrize("minor", [0, 5])
def test_old_formats_are_upgraded(minor):
    old = json.loads(json.dumps(nbformat.v4.downgrade(normalised(plain_notebook()))))
    assert len(read({**old, "nbformat_minor": minor})) == 3
    old.pop("metadata")
    assert "".join(read(old)).count("ñ") == 2


TEXT = json.dumps(plain_notebook(), ensure_ascii=False)
BYTES = {
    "utf-8": TEXT.encode(),
    "bom": TEXT.encode("utf-8-sig"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "utf-16-be": TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "ansi": TEXT.encode("cp1252"),
    "nul behind": TEXT.encode() + b"\0" * 511,
    "nul before": b"\0" * 511 + TEXT.encode(),
    "nul around utf-16": b"\0" * 7 + TEXT.encode("utf-16") + b"\0" * 5,
    "blanks": b"\r\n \t" + TEXT.encode() + b"\r\n\0 ",
}


@pytest.mark.parametrize("name", BYTES)
def test_encodings_and_padding(name):
    assert [cell.source for cell in normalised(parsed(BYTES[name])).cells] == SOURCES


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 99, b"hola", TEXT.encode()[:300], b"[1]", b'"x"', b"3", b"null", b'{"cells": 3}', b"{}"]
)
def test_what_is_no_notebook_is_refused(content):
    with pytest.raises((ValueError, TypeError, AttributeError)):
        normalised(parsed(content))


def test_a_format_to_come_is_refused_in_words():
    with pytest.raises(ValueError, match="formato que aún no existe"):
        normalised({**plain_notebook(), "nbformat": 5})


def test_half_characters_are_replaced_and_whole_ones_kept():
    nb = plain_notebook()
    nb["cells"][1]["source"] = ["print('\ud83d\ude00", "\ud800 end')\r\n"]
    assert read(nb)[1] == "print('😀\N{REPLACEMENT CHARACTER} end')\n"


def with_attachments(attachments):
    nb = plain_notebook()
    nb["cells"][0]["attachments"] = attachments
    return normalised(nb).cells[0].get("attachments")


def test_attachments_are_kept_unless_they_are_many_or_large():
    sound = {"a.png": {"image/png": "x"}}
    assert with_attachments(sound) == sound
    assert with_attachments({str(n): {"image/png": ""} for n in range(100)}) is None
    assert with_attachments({"a": {str(n): "" for n in range(200)}}) is None
    assert with_attachments({"a": {"image/png": "x" * 2**20 + "x"}}) is None
    assert with_attachments({"a": {"image/png": ["x"]}}) is None


def test_only_short_facts_are_kept_of_a_notebook():
    nb = plain_notebook()
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb["metadata"] = {
        "kernelspec": {**kernel, "more": [{}]},
        "language_info": {"name": "python", "version": "3", "codemirror_mode": {"a": [{}]}},
        "more": [],
    }
    assert normalised(nb).metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    nb["metadata"]["kernelspec"]["name"] = "x" * 1000
    assert "kernelspec" not in normalised(nb).metadata


def test_only_what_grading_looks_at_is_kept_of_a_cell():
    nb = plain_notebook()
    nb["cells"][0]["metadata"] = {
        "nbgrader": {"grade_id": "f", "points": 3, "more": [[]], "checksum": []},
        "tags": ["a", "x" * 1000, *map(str, range(1000))],
        "grader": "note",
        "id": {"a": []},
    }
    metadata = normalised(nb).cells[0].metadata
    assert metadata.nbgrader == {"grade_id": "f", "points": 3}
    assert metadata.tags[0] == "a" and len(metadata.tags) < 51 and set(metadata) == {"nbgrader", "tags"}


def test_a_notebook_is_compared_to_the_schema_once(monkeypatch):
    sizes = []
    monkeypatch.setattr(reading.nbformat, "validate", lambda nb, **_: sizes.append(len(json.dumps(nb))))
    monkeypatch.setattr(reading.nbformat.validator, "isvalid", lambda *_, **__: sizes.append(10**9) or True)
    nb = plain_notebook()
    nb["metadata"] = {name: {"name": "p", "a": [{}] * 10_000} for name in ("kernelspec", "language_info")}
    for cell in nb["cells"]:
        cell["attachments"] = {str(n): {"a": ""} for n in range(10_000)}
        cell["metadata"] = {"nbgrader": {"a": [[]] * 10_000}, "tags": [str(n) for n in range(10_000)]}
    normalised(nb)
    assert max(sizes) < 5000 and sizes.count(max(sizes)) == 1


def test_an_old_notebook_is_upgraded_without_what_counts_for_nothing():
    cells = [
        {"cell_type": "code", "input": "x", "language": "y" * 9999, "metadata": {"a": [{}] * 9999}},
        {"cell_type": "heading", "source": "T", "level": 10**10},
    ]
    nb = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"a": [{}] * 9999}, "worksheets": [{"cells": cells}]}
    assert read(nb) == ["x", "###### T"]
    upgraded = reading._upgraded(nb)
    assert len(json.dumps(upgraded)) < 1000
