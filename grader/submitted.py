"""Read what a student handed in, whatever it is, and lay out a copy that nbgrader can work on."""

import os
import shutil
import stat
from pathlib import Path

import nbformat

MAX_MB = 200  # of one submission, all files
NOTE = "⚠️ **Sobre tu entrega:** {}"


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
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(NOTE.format(remark)))
    for file in files:
        if file.suffix != ".ipynb":
            copy = Path(target) / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / file, copy)
    nbformat.write(notebook, Path(target) / f"{name}.ipynb")
    return readable, remark


def _files(folder):
    """Return the regular files below `folder`, as relative paths, and a remark on what was left out."""
    files, left_out, size = [], [], 0
    for parent, folders, names in os.walk(folder):  # does not follow links
        folders[:] = [f for f in folders if f != ".ipynb_checkpoints"]
        for path in sorted(Path(parent) / n for n in names + [f for f in folders if (Path(parent) / f).is_symlink()]):
            status = path.lstat()
            size += status.st_size
            if not stat.S_ISREG(status.st_mode) or size > MAX_MB * 2**20:
                left_out.append(f"`{path.relative_to(folder)}`")
            else:
                files.append(path.relative_to(folder))
    if not left_out:
        return files, ""
    return files, f"No se han tenido en cuenta {', '.join(left_out[:5])}: son enlaces o pasan de {MAX_MB} MB."


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
        notebook = nbformat.read(Path(folder) / wanted, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        notebook = nbformat.from_dict(notebook)
        nbformat.validator.normalize(notebook)
        nbformat.validate(notebook)
    except Exception as error:  # a file made by a stranger can break the reader in any way
        reason = " ".join(str(error).split())[:120]
        raise Unreadable(
            f"`{wanted}` no se puede leer como cuaderno de Jupyter ({type(error).__name__}: {reason}). "
            "Ábrelo en JupyterLab, guárdalo y entrégalo de nuevo."
        ) from None
    return notebook, remark
