"""Read what a student handed in, whatever it is, and lay out a copy that nbgrader can work on."""

import contextlib
import os
import shutil
import stat
import unicodedata
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..ground import duedates
from ..ground.text import printable
from .choosing import Unreadable, choose

MAX_MB = 100  # of one submission, all files
MAX_FILES = 1000
TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # by which a student finds their feedback in nbgrader's exchange
OURS = {"grader": "note"}  # metadata of a cell that no student has written; theirs do not get through (reading.py)
_NOISE = {".ipynb_checkpoints", "__MACOSX"}  # folders that programs make by themselves
NOTE = "⚠️ **Sobre tu entrega:** {}"
LOST = "⛔ **No se ha podido corregir tu entrega:** {}"


def is_ours(cell: NotebookNode) -> bool:
    """Tell whether a cell is a note of the grader's, by its mark, which no student's cell can carry."""
    return cell.cell_type == "markdown" and all(cell.metadata.get(name) == mark for name, mark in OURS.items())


def noted(mark: str, source: str) -> str:
    """Return what a note of this kind, NOTE or LOST, says, if `source` (of the first cell) is one, else ""."""
    before, after = mark.split("{}")
    is_note = source.startswith(before) and source.endswith(after)
    return source.removeprefix(before).removesuffix(after) if is_note else ""


def stage(folder: Path, target: Path, name: str, released: Path) -> tuple[bool, str]:
    """Copy the submission in `folder` to `target` with its notebook as <name>.ipynb; return (readable, remark or "").

    Which notebook that is, `choose` says; what lies beside it will lie beside it again. If there is none to read, the
    `released` one (a path) takes its place, to be graded as untouched. Either remark stands on top of the notebook,
    for the student. Left out are links, special files, what may not be read, and what has no place in the copy.
    """
    files, left_out = _files(folder)
    shutil.rmtree(target, ignore_errors=True)
    Path(target).mkdir(parents=True)
    release = nbformat.read(released, as_version=4)
    chosen: Path | None
    try:
        if Path() in left_out:
            raise Unreadable("no se puede abrir su carpeta: no hay permiso para leerla, o el disco falla.")
        notebook, chosen, remark = choose(folder, files, name, release)
    except Unreadable as error:
        notebook, chosen, remark = release, None, str(error)
    graded = Path(target) / f"{name}.ipynb"
    graded.touch()  # its place is taken, should there be a folder of that name
    left_out += _copy(folder, target, files, chosen)
    remark = printable(" ".join(filter(None, [remark, _on_left_out(left_out)])))
    if remark:
        kind = LOST if chosen is None else NOTE
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(kind.format(remark), metadata=OURS))
    nbformat.write(notebook, graded)
    return chosen is not None, remark


def handed_in_at(folder: Path) -> datetime | None:
    """Return the time, in UTC, that nbgrader's timestamp.txt in `folder` gives, or None if it gives none."""
    path = Path(folder) / TIMESTAMP
    try:
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size < 1000:
            return duedates.parse(path.read_text("utf-8").strip())
    except (OSError, ValueError, OverflowError):
        pass
    return None


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the regular files below `folder`, and names of what is left out, as relative paths."""
    files: list[Path] = []
    left_out: list[Path] = []
    size = 0
    if _is_link(folder):
        return files, left_out
    for parent, folders, names in os.walk(folder, onerror=lambda error: left_out.append(error.filename)):
        folders[:] = [name for name in folders if name not in _NOISE]  # links are not followed
        paths = [Path(parent) / n for n in names + [f for f in folders if _is_link(Path(parent) / f)]]
        paths = [path for path in paths if not path.name.startswith("._")]  # macOS's, beside each file in a ZIP
        for path in sorted(paths, key=lambda path: (".ipynb" not in path.name.lower(), path)):
            try:
                status = os.lstat(path)
            except OSError:  # as in a folder that can be listed but not entered
                left_out.append(path)
                continue
            too_much = size + status.st_size > MAX_MB * 2**20 or len(files) >= MAX_FILES  # notebooks come first
            unreadable_time = path == Path(folder) / TIMESTAMP and handed_in_at(folder) is None
            if not stat.S_ISREG(status.st_mode) or too_much or unreadable_time:
                left_out.append(path)
            else:
                size += status.st_size
                files.append(path.relative_to(folder))
    return files, [Path(path).relative_to(folder) for path in left_out]


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return False


def _copy(folder: Path, target: Path, files: list[Path], chosen: Path | None) -> list[Path]:
    """Copy `files` but for notebooks, those beside the `chosen` one to the top; return those that cannot be copied."""
    beside = chosen.parent if chosen else Path()
    failed = []
    for file in sorted(files, key=lambda file: not file.is_relative_to(beside)):
        place = file.relative_to(beside) if file.is_relative_to(beside) else file
        is_notebook = file == chosen or ".ipynb" in file.name.lower()
        is_other_time = place == Path(TIMESTAMP) and file != Path(TIMESTAMP)  # nobody's hour of handing in
        if is_notebook or is_other_time:
            continue
        copy, placed = Path(target) / place, False
        try:
            if _has_place(place) and not os.path.lexists(copy):
                copy.parent.mkdir(parents=True, exist_ok=True)
                placed = True
                shutil.copyfile(Path(folder) / file, copy)
                continue
        except (OSError, ValueError):
            if placed:
                with contextlib.suppress(OSError):
                    copy.unlink()
        failed.append(file)
    if time := handed_in_at(target):
        (Path(target) / TIMESTAMP).write_text(f"{time} UTC", "utf-8")  # nbgrader reads other zones wrongly
    return failed


def _has_place(path: Path) -> bool:
    """Tell whether a file can lie there: nbgrader takes any *.ipynb at the top for a notebook and timestamp.txt for
    the time, and it writes all names to its log, where those that are not text, or move the cursor, would do harm."""
    top, *deeper = path.parts
    taken = deeper and (top == TIMESTAMP or top.lower().endswith(".ipynb"))
    return not taken and not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in str(path))


def _on_left_out(paths: list[Path]) -> str:
    if not paths:
        return ""
    names = [f"`{printable(path)}`" for path in paths[:5]]
    return (
        f"No se han tenido en cuenta {', '.join(names)}{' y otros' if len(paths) > 5 else ''}: son enlaces, "
        f"pasan de {MAX_MB} MB o de {MAX_FILES} archivos, no se pueden leer, o no tienen sitio junto "
        "a tu cuaderno, por su nombre o porque ya hay otro archivo o carpeta que se llama así."
    )
