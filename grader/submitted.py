"""Read what a student handed in, whatever it is, and lay out a copy that nbgrader can work on."""

import json
import os
import shutil
import stat
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

MAX_MB = 100  # of one submission, all files
MAX_FILES = 1000
MAX_NOTEBOOK_MB = 30
MAX_CELLS = 2000
TIMESTAMP = "timestamp.txt"
NOTE = "⚠️ **Sobre tu entrega:** {}"
LOST = "⛔ **No se ha podido corregir tu entrega:** {}"


def noted(mark, source):
    """Return what a note of this kind, NOTE or LOST, says, if `source` (of the first cell) is one, else ""."""
    before, after = mark.split("{}")
    is_note = source.startswith(before) and source.endswith(after)
    return source.removeprefix(before).removesuffix(after) if is_note else ""


class Unreadable(Exception):
    """A submission without a notebook to grade; the message is Spanish, for the student."""


def stage(folder, target, name, released):
    """Copy the submission in `folder` to `target` with its notebook as <name>.ipynb; return a remark or "".

    A notebook under another name is taken if it is the only one. If there is no readable notebook, the
    `released` one (a path) takes its place, to be graded as untouched. Either remark stands on top of the
    notebook, for the student. Links and special files are left out.
    """
    files, remark = _files(folder)
    shutil.rmtree(target, ignore_errors=True)
    Path(target).mkdir(parents=True)
    try:
        notebook, renamed = _notebook(folder, [file for file in files if file.suffix == ".ipynb"], name)
        remark = " ".join(filter(None, [renamed, remark]))
        readable = True
    except Unreadable as error:
        notebook, remark, readable = nbformat.read(released, as_version=4), str(error), False
    if remark:
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell((NOTE if readable else LOST).format(remark)))
    for file in files:
        if file.suffix != ".ipynb":
            copy = Path(target) / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / file, copy)
    nbformat.write(notebook, Path(target) / f"{name}.ipynb")
    return readable, remark


def handed_in_at(folder):
    """Return the time that nbgrader's timestamp.txt in `folder` gives, or None if it gives none."""
    path = Path(folder) / TIMESTAMP
    try:
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size < 1000:
            return parse_utc(path.read_text("utf-8").strip())
    except (OSError, ValueError, OverflowError):
        pass
    return None


def _files(folder):
    """Return the regular files below `folder`, as relative paths, and a remark on what was left out."""
    files, left_out, size = [], [], 0
    if Path(folder).is_symlink():
        return files, ""
    for parent, folders, names in os.walk(folder):  # does not follow links
        folders[:] = [f for f in folders if f != ".ipynb_checkpoints"]
        paths = [Path(parent) / n for n in names + [f for f in folders if (Path(parent) / f).is_symlink()]]
        for path in sorted(paths, key=lambda path: (path.suffix != ".ipynb", path)):  # what is too much is other files
            status = path.lstat()
            too_much = size + status.st_size > MAX_MB * 2**20 or len(files) >= MAX_FILES
            unreadable_time = path == Path(folder) / TIMESTAMP and handed_in_at(folder) is None
            if not stat.S_ISREG(status.st_mode) or too_much or unreadable_time or not str(path).isprintable():
                left_out.append(f"`{_printable(path.relative_to(folder))}`")
            else:
                size += status.st_size
                files.append(path.relative_to(folder))
    if not left_out:
        return files, ""
    return files, (
        f"No se han tenido en cuenta {', '.join(left_out[:5])}{' y otros' if len(left_out) > 5 else ''}: son enlaces, "
        f"pasan de {MAX_MB} MB o de {MAX_FILES} archivos, o no se pueden leer."
    )


def _printable(text):
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def _notebook(folder, notebooks, name):
    wanted = Path(f"{name}.ipynb")
    remark = ""
    if wanted not in notebooks:
        if not notebooks:
            raise Unreadable(f"no contiene ningún cuaderno; se esperaba `{wanted}`. Entrégalo con ese nombre.")
        if len(notebooks) > 1:
            listed = ", ".join(f"`{n}`" for n in notebooks[:5])
            raise Unreadable(f"contiene varios cuadernos ({listed}) y ninguno se llama `{wanted}`.")
        remark = f"Tu cuaderno se llamaba `{notebooks[0]}`; se ha corregido como `{wanted}`. Conserva el nombre."
        wanted = notebooks[0]
    try:
        notebook = nbformat.reads(_without_outputs(Path(folder) / wanted), as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        notebook = nbformat.from_dict(notebook)
        nbformat.validator.normalize(notebook)
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode("utf-8")  # there is text that JSON can hold and UTF-8 cannot
    except Exception as error:  # a file made by a stranger can break the reader in any way
        reason = _printable(" ".join(str(error).split())[:120])
        raise Unreadable(
            f"`{wanted}` no se puede leer como cuaderno de Jupyter ({type(error).__name__}: {reason}). "
            "Ábrelo en JupyterLab, guárdalo y entrégalo de nuevo."
        ) from None
    return notebook, remark


def _without_outputs(path):
    """Return the JSON of a notebook without its outputs: they count for nothing, and may be of any size."""
    if path.stat().st_size > MAX_NOTEBOOK_MB * 2**20:
        raise ValueError(f"ocupa más de {MAX_NOTEBOOK_MB} MB; borra las salidas")
    notebook = json.loads(path.read_bytes())
    sheets = [notebook, *notebook.get("worksheets", [])]  # the latter before version 4
    cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
    if len(cells) > MAX_CELLS:
        raise ValueError(f"tiene {len(cells)} celdas; el máximo es {MAX_CELLS}")
    for cell in cells:
        if "outputs" in cell:
            cell["outputs"] = []
    return json.dumps(notebook)
