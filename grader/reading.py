"""Read a notebook as tolerantly as JupyterLab does, and give it back as sound nbformat 4.5, without outputs.

JupyterLab's server reads with `nbformat.reads` and only warns of what the schema refuses (jupyter_server,
services/contents/manager.py, `validate_notebook_model`), so that students see nothing wrong with such a file. What
they wrote is kept: sources, types, ids, tags, nbgrader's marks and attachments. All else of a cell counts for nothing.
"""

import json
import re

import nbformat
from nbformat.corpus.words import generate_corpus_id
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

MAX_NOTEBOOK_MB = 30
MAX_CELLS = 2000
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")  # each fails on the others' text
_PADDING = "\0\ufeff \t\r\n"
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # nbformat 4.5's schema
_MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
_OLD_TYPES = {"heading": "markdown", "html": "markdown", "text": "markdown"}  # of nbformat 3, found in 4 as well


def read_notebook(path):
    """Return the notebook in the file `path`. Raises OSError, or any other exception for what is none."""
    if path.stat().st_size > MAX_NOTEBOOK_MB * 2**20:
        raise ValueError(f"ocupa más de {MAX_NOTEBOOK_MB} MB; borra las salidas")
    return normalised(parsed(path.read_bytes()))


def parsed(content):
    """Return what JSON the bytes `content` hold, in whatever encoding and with whatever padding. Raises ValueError."""
    first = None
    for encoding in _ENCODINGS:
        for part in dict.fromkeys((content, content.lstrip(b"\0"))):
            try:
                return json.loads(part[: len(part) - len(part) % _width(encoding)].decode(encoding).strip(_PADDING))
            except ValueError as error:
                first = first or error
    raise first


def normalised(notebook):
    """Return a parsed notebook of any version as sound nbformat 4.5. Raises ValueError and others for what is none."""
    cells = [cell for sheet in _sheets(notebook) for cell in sheet]
    if len(cells) > MAX_CELLS:
        raise ValueError(f"tiene {len(cells)} celdas; el máximo es {MAX_CELLS}")
    for cell in cells:
        if isinstance(cell, dict) and ("outputs" in cell or cell.get("cell_type") == "code"):
            cell["outputs"] = []  # they count for nothing, and may be of any size and form
    if "cells" not in notebook:  # nbformat before 4
        notebook = _upgraded(notebook)
    seen = set()
    result = new_notebook(
        cells=[_cell(cell, seen) for cell in notebook["cells"] if isinstance(cell, dict)],
        metadata=_facts(notebook.get("metadata")),
    )
    nbformat.validate(result)
    return result


def _width(encoding):
    return 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1


def _sheets(notebook):
    """Return the lists of cells of a notebook. Raises ValueError."""
    sheets = [notebook]
    if isinstance(notebook, dict) and "cells" not in notebook and isinstance(notebook.get("worksheets"), list):
        sheets = notebook["worksheets"]
    lists = [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in sheets]
    if not all(isinstance(cells, list) for cells in lists):
        raise ValueError("no tiene una lista de celdas")
    if isinstance(version := notebook.get("nbformat"), int) and version > nbformat.current_nbformat:
        raise ValueError(f"es de un formato que aún no existe, {version}")
    return lists


def _upgraded(notebook):
    """Return a notebook of nbformat 1 to 3 as 4, by nbformat's own conversion."""
    if not isinstance(notebook.get("metadata"), dict):
        notebook["metadata"] = {}
    return nbformat.reads(json.dumps({"nbformat": 3, **notebook, "nbformat_minor": 0}), as_version=4)


def _cell(cell, seen):
    """Return a sound copy of a cell. seen: the ids so far, to which its own is added."""
    kind = str(cell.get("cell_type")).lower()
    kind = _OLD_TYPES.get(kind, kind)
    if kind not in _MAKE:
        kind = "code" if "outputs" in cell else "raw"
    clean = _MAKE[kind](_source(cell.get("source")))
    own = cell.get("id")
    sound = isinstance(own, str) and _ID.fullmatch(own) and own not in seen
    clean["id"] = own if sound else generate_corpus_id()
    seen.add(clean["id"])
    metadata = cell.get("metadata")
    clean["metadata"] = nbformat.from_dict(_marks(metadata) if isinstance(metadata, dict) else {})
    attachments = cell.get("attachments")
    if kind != "code" and isinstance(attachments, dict):
        clean["attachments"] = nbformat.from_dict(_whole(attachments))
        if not _valid(clean, f"{kind}_cell"):
            del clean["attachments"]
    return clean


def _marks(metadata):
    """Return of a cell's metadata what grading looks at: nbgrader's marks, tags, and Colab's id."""
    kept = {name: _whole(metadata[name]) for name in ("nbgrader", "id") if name in metadata}
    tags = metadata.get("tags")
    if isinstance(tags, list):  # the schema wants them without commas, and each once
        names = (name.strip() for tag in tags if isinstance(tag, str) for name in _whole(tag).split(","))
        kept["tags"] = list(dict.fromkeys(filter(None, names)))
    return kept


def _facts(metadata):
    """Return of a notebook's metadata the kernel and the language, where they are sound."""
    kept = {}
    for name in ("kernelspec", "language_info"):
        if isinstance(metadata, dict) and name in metadata:
            facts = {name: _whole(metadata[name])}
            if _valid({**new_notebook(), "metadata": facts}):
                kept |= facts
    return nbformat.from_dict(kept)


def _valid(node, ref=None):
    return nbformat.validator.isvalid(node, ref=ref, version=4, version_minor=5)


def _source(source):
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = _whole(source) if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _whole(value):
    """Return `value` with halves of characters, which JSON can hold and UTF-8 cannot, replaced in all its text."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value
