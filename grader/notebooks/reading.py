"""Read a notebook as tolerantly as JupyterLab does, and give it back as sound nbformat 4.5, without outputs.

JupyterLab's server reads with `nbformat.reads` and only warns of what the schema refuses (jupyter_server,
services/contents/manager.py, `validate_notebook_model`), so that students see nothing wrong with such a file. What
they wrote is kept: sources, types, ids, tags, nbgrader's marks and attachments that are not too many. All else of a
cell counts for nothing. The result is sound by the way it is made, so that no stranger's text is compared to a schema.
"""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from .versions import VERSION

MAX_NOTEBOOK_MB = 30
MAX_CELLS = 2000
MAX_ATTACHMENTS = 50  # of a notebook; beyond either limit it loses them all, which no grade depends on
MAX_ATTACHED = 2**20  # characters
LONGEST = 100  # characters of a fact, as a tag or the kernel's name
MAX_TAGS = 50  # of a cell
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")  # each fails on the others' text
_PADDING = "\0\ufeff \t\r\n"
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # nbformat 4.5's schema
_MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
_MARKS = {"grade_id", "grade", "solution", "locked", "task", "points", "checksum", "cell_type", "schema_version"}
_FACTS = ("name", "display_name", "language")
_OLD_TYPES = {"heading": "markdown", "html": "markdown", "text": "markdown"}  # of nbformat 3, found in 4 as well


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in the file `path`. Raises OSError, or any other exception for what is none."""
    if path.stat().st_size > MAX_NOTEBOOK_MB * 2**20:
        raise ValueError(f"ocupa más de {MAX_NOTEBOOK_MB} MB; borra las salidas")
    return normalised(parsed(path.read_bytes()))


def parsed(content: bytes) -> Any:
    """Return what JSON the bytes `content` hold, in whatever encoding and with whatever padding. Raises ValueError."""
    first: ValueError | None = None
    for encoding in _ENCODINGS:
        for part in dict.fromkeys((content, content.lstrip(b"\0"))):
            try:
                return json.loads(part[: len(part) - len(part) % _width(encoding)].decode(encoding).strip(_PADDING))
            except ValueError as error:
                first = first or error
    assert first is not None  # of one encoding at least
    raise first


def normalised(notebook: Any) -> NotebookNode:
    """Return a parsed notebook of any version as sound nbformat 4.5. Raises ValueError and others for what is none."""
    cells = [cell for sheet in _sheets(notebook) for cell in sheet]
    if len(cells) > MAX_CELLS:
        raise ValueError(f"tiene {len(cells)} celdas; el máximo es {MAX_CELLS}")
    for cell in cells:
        if isinstance(cell, dict) and ("outputs" in cell or cell.get("cell_type") == "code"):
            cell["outputs"] = []  # they count for nothing, and may be of any size and form
    facts = _facts(notebook.get("metadata"))
    if "cells" not in notebook:  # nbformat before 4
        notebook = _upgraded(notebook)
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    seen: set[str] = set()
    result: NotebookNode = new_notebook(metadata=facts)
    result.cells = [_cell(cell, seen) for cell in cells]
    _attach(cells, result.cells)
    nbformat.validate(result)
    return result


def _width(encoding: str) -> int:
    return 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1


def _sheets(notebook: Any) -> list[list[Any]]:
    """Return the lists of cells of a notebook. Raises ValueError."""
    sheets = [notebook]
    if isinstance(notebook, dict) and "cells" not in notebook and isinstance(notebook.get("worksheets"), list):
        sheets = notebook["worksheets"]
    lists: list[Any] = [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in sheets]
    if not all(isinstance(cells, list) for cells in lists):
        raise ValueError("no tiene una lista de celdas")
    if isinstance(version := notebook.get("nbformat"), int) and version > nbformat.current_nbformat:
        raise ValueError(f"es de un formato que aún no existe, {version}")
    return lists


def _upgraded(notebook: dict[str, Any]) -> NotebookNode:
    """Return a notebook of nbformat 1 to 3 as 4, by nbformat's own conversion, without what counts for nothing."""
    sheets = [{"cells": [_old_cell(cell) for cell in cells]} for cells in _sheets(notebook)]
    old: dict[str, Any] = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    if isinstance(version := notebook.get("nbformat"), int):
        old["nbformat"] = version
    upgraded: NotebookNode = nbformat.reads(json.dumps(old), as_version=4)
    return upgraded


def _old_cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    kept: dict[str, Any] = {name: cell[name] for name in ("cell_type", "input", "source") if name in cell}
    if cell.get("cell_type") == "code":
        kept |= {"language": "python", "outputs": []}
    if isinstance(level := cell.get("level"), int):
        kept["level"] = min(max(level, 1), 6)
    metadata = cell.get("metadata")
    return {**kept, "metadata": _marks(metadata) if isinstance(metadata, dict) else {}}


def _cell(cell: dict[str, Any], seen: set[str]) -> NotebookNode:
    """Return a sound copy of a cell. seen: the ids so far, to which its own is added."""
    kind = str(cell.get("cell_type")).lower()
    kind = _OLD_TYPES.get(kind, kind)
    if kind not in _MAKE:
        kind = "code" if "outputs" in cell else "raw"
    clean: NotebookNode = _MAKE[kind](_source(cell.get("source")))
    own = cell.get("id")
    sound = isinstance(own, str) and _ID.fullmatch(own) and own not in seen
    clean["id"] = own if sound else generate_corpus_id()
    seen.add(clean["id"])
    metadata = cell.get("metadata")
    clean["metadata"] = nbformat.from_dict(_marks(metadata) if isinstance(metadata, dict) else {})
    return clean


def _attach(cells: list[dict[str, Any]], clean: list[NotebookNode]) -> None:
    """Give the sound cells `clean` the attachments of `cells`, if they are not too many or too long in all."""
    found, number, size = [], 0, 0
    for cell, sound in zip(cells, clean, strict=True):
        attachments = cell.get("attachments")
        if sound.cell_type == "code" or not isinstance(attachments, dict):
            continue
        number += len(attachments)
        bundles = [bundle for bundle in attachments.values() if isinstance(bundle, dict)]
        number += sum(map(len, bundles))
        texts = [text for bundle in bundles for text in bundle.values()] if number <= 2 * MAX_ATTACHMENTS else []
        size += sum(len(text) for text in texts if isinstance(text, str))
        if number > 2 * MAX_ATTACHMENTS or size > MAX_ATTACHED:  # a name and a type are two entries
            return
        if len(bundles) == len(attachments) and all(isinstance(text, str) for text in texts):
            found.append((sound, attachments))
    for sound, attachments in found:
        sound["attachments"] = nbformat.from_dict(_whole(attachments))


def _marks(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return of a cell's metadata what grading looks at: nbgrader's marks, tags, and Colab's id."""
    kept: dict[str, Any] = {"id": _whole(metadata["id"])} if _is_short(metadata.get("id")) else {}
    marks = metadata.get("nbgrader")
    if isinstance(marks, dict):
        kept["nbgrader"] = {
            name: _whole(value) if isinstance(value, str) else value
            for name, value in marks.items()
            if name in _MARKS and (_is_short(value) or value is None or isinstance(value, bool | int | float))
        }
    tags = metadata.get("tags")
    if isinstance(tags, list):  # the schema wants them without commas, and each once
        names = (name.strip() for tag in tags[:MAX_TAGS] if _is_short(tag) for name in _whole(tag).split(","))
        kept["tags"] = list(dict.fromkeys(filter(None, names)))
    return kept


def _facts(metadata: object) -> NotebookNode:
    """Return of a notebook's metadata the kernel and the language, by name, where the schema can have them, and the
    version of its release."""
    kept: dict[str, Any] = {}
    for name, needed in (("kernelspec", {"name", "display_name"}), ("language_info", {"name"})):
        facts = metadata.get(name) if isinstance(metadata, dict) else None
        facts = facts if isinstance(facts, dict) else {}
        short = {fact: _whole(facts[fact]) for fact in _FACTS if _is_short(facts.get(fact))}
        if needed <= short.keys():
            kept[name] = short
    version = metadata.get(VERSION) if isinstance(metadata, dict) else None
    if isinstance(version, str) and re.fullmatch("[0-9a-f]{12}", version):
        kept[VERSION] = version
    sound: NotebookNode = nbformat.from_dict(kept)
    return sound


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) < LONGEST


def _source(source: object) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = _whole(source) if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _whole(value: Any) -> Any:
    """Return `value` with halves of characters, which JSON can hold and UTF-8 cannot, replaced in all its text."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value
