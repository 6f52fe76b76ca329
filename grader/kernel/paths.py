"""What is somewhere else on the student's computer is found where the notebook is graded.

"/content/drive/MyDrive/redes/wine_shuffled.data", "C:\\Users\\ana\\wine_shuffled.data" and "../data/numbers.csv" are
right where they were written, and in the grader's sandbox there is no such folder: what goes with the notebook lies
beside it. So when a file that is to be read does not exist, the one is opened that lies in the notebook's folder as the
end of its path says, folders included as far as they are there, or, deeper, the only one of that name; big and small
letters, and ways of writing an accent, are told apart only where that tells files apart. What is read is a copy: a
notebook that copies the file from there to where it is, as to Colab's disk, would empty it. A file that exists is
opened as ever, and nothing is written elsewhere: but in the sandbox there is Colab's folder, /content, with copies of
what was handed in, which a download that fails may empty, and its Drive, once mounted (grader.kernel.colab). A notebook
that asks whether such a file is there is told so, and one that wants to go to a folder that is not there, or to draw in
windows, stays. Libraries that open files in ways of their own, as TensorFlow, find none of this.
"""

import builtins
import contextlib
import errno
import functools
import io
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .namespaces import COLABS

MOST_COPIED = 0.1  # of the room that is left, into Colab's folder or its Drive
_FOLDERS = re.compile(r"[\\/]")


def be_as_in_colab(folder: Path) -> None:
    """Fill Colab's folder with copies of what lies in `folder`, in a sandbox."""
    if _has_colabs_folder():
        copy_files(folder, COLABS)


def copy_files(folder: Path, to: str | Path) -> None:
    """Copy the files in `folder` to a new folder, or to one where they are missing; not if they would take much of the
    room that is left, which is the notebook's."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    with contextlib.suppress(OSError):  # without the copies a notebook goes on
        Path(to).mkdir(parents=True, exist_ok=True)
        if sum(path.stat().st_size for path in files) > shutil.disk_usage(to).free * MOST_COPIED:
            return
        for path in files:
            copy = Path(to, path.relative_to(folder))
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)


def _has_colabs_folder() -> bool:
    return Path("/content").is_symlink() and Path("/content").readlink() == Path(COLABS)


def find_beside(folder: Path) -> None:
    """From now on find files in `folder` too, by the end of their path; call it once, in the notebook's own process."""
    import numpy.lib._datasource
    from IPython.core import interactiveshell

    ipython: Any = interactiveshell
    builtins.open = io.open = ipython.io_open = finding(builtins.open, folder)  # that of cells is IPython's
    os.path.exists, os.path.isfile = (_there(f, folder) for f in (os.path.exists, os.path.isfile))
    path: Any = Path
    path.exists, path.is_file = (_there(f, folder) for f in (Path.exists, Path.is_file))
    shutil.copy, shutil.copy2 = (_copying(f, folder) for f in (shutil.copy, shutil.copy2))
    os.chdir = _staying(os.chdir)
    os.listdir, os.scandir = (_listing(f, folder) for f in (os.listdir, os.scandir))
    source: Any = numpy.lib._datasource.DataSource  # np.loadtxt and np.genfromtxt look whether the file is there before
    source.open = _second_argument(source.open, folder)


def finding(opened: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Return `opened`, a function like `open`, so that what it does not find is looked for in `folder`."""

    @functools.wraps(opened)
    def find(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        try:
            if _is_emptied(file) and not set(mode) & set("wax+"):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)
            return opened(file, mode, *args, **kwargs)
        except FileNotFoundError:
            if set(mode) & set("wax+"):
                if not _is_colabs(file):
                    raise
                Path(os.fsdecode(file)).parent.mkdir(parents=True, exist_ok=True)  # as a folder of the Drive
                return opened(file, mode, *args, **kwargs)
            found = beside(file, folder)
            if found is None and (there := _in_colabs(file)):
                return opened(there, mode, *args, **kwargs)
            if found is None:
                raise
            with tempfile.TemporaryDirectory() as copies:  # the file that is open stays until it is closed
                return opened(shutil.copyfile(found, Path(copies, found.name)), mode, *args, **kwargs)

    return find


def _copying(copy: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Return `copy`, a function like shutil.copy, for files that are found, whose mode and times nobody can ask for."""

    @functools.wraps(copy)
    def copy_found(src: Any, dst: Any, **kwargs: Any) -> Any:
        if os.path.lexists(src) or beside(src, folder) is None:
            return copy(src, dst, **kwargs)
        to = Path(dst, _FOLDERS.split(os.fsdecode(src))[-1]) if Path(dst).is_dir() else dst
        return shutil.copyfile(src, to, **kwargs)

    return copy_found


def beside(file: Any, folder: Path) -> Path | None:
    """Return the path in `folder` of what is called as `file`, a path of any system; None if it is not there."""
    try:
        parts = re.split(r"[\\/]", os.fsdecode(file))
    except TypeError:  # a file descriptor
        return None
    if parts[-1] in ("", ".", ".."):
        return None
    known = [part for part in parts if part not in ("", ".", "..")]
    files = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    alike: Callable[[str], str]
    for alike in (str, _folded):
        places = {tuple(map(alike, file.relative_to(folder).parts)): file for file in files}
        ends = (tuple(map(alike, known[n:])) for n in range(len(known)))
        found = [places[end] for end in ends if end in places][:1]
        found = found or [file for place, file in places.items() if place[-1] == alike(known[-1])]
        if len(found) == 1:
            return found[0]
    return None


def _is_emptied(file: Any) -> bool:
    """Tell whether a file in Colab's folder is empty, as after a download without a network."""
    with contextlib.suppress(OSError):
        return _is_colabs(file) and os.stat(file).st_size == 0  # noqa: PTH116 - Path's own are changed here
    return False


def _in_colabs(file: Any) -> Path | None:
    """Return the path in Colab's folder, where notebooks from there are, of a file that is named as beside them, if it
    is there; else None."""
    if _has_colabs_folder() and isinstance(file, str | os.PathLike):
        path = Path("/content", os.fsdecode(file))
        return path if os.path.lexists(path) else None
    return None


def _is_colabs(file: Any) -> bool:
    """Tell whether a path leads into Colab's folder, in a sandbox."""
    named = isinstance(file, str | bytes | os.PathLike) and os.fsdecode(file).startswith("/content/")
    return named and _has_colabs_folder()


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _there(asked: Callable[..., bool], folder: Path) -> Callable[..., bool]:
    """Return `asked`, a function of a path that tells whether it is there, so that what would be found is there."""

    @functools.wraps(asked)
    def is_there(path: Any, *args: Any, **kwargs: Any) -> bool:
        there = asked(path, *args, **kwargs)
        if there or isinstance(path, int) or not _FOLDERS.search(os.fsdecode(path)) or not _asked_by_notebook():
            return there  # of a plain name, it is asked whether that file is here
        return beside(path, folder) is not None

    return is_there


def _asked_by_notebook() -> bool:
    """Tell whether it is the notebook's own code that has called the function that asks this: libraries look for files
    that a notebook's are not to be taken for, as their configuration."""
    return sys._getframe(2).f_globals.get("__name__") == "__main__"


def draw_without_windows() -> None:
    """From now on let Matplotlib go on drawing as it does where a notebook asks for a window; call it once."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use = _without_windows(matplotlib.use)
    pyplot.switch_backend = _without_windows(pyplot.switch_backend)


def _without_windows(switch: Callable[..., Any]) -> Callable[..., None]:
    @functools.wraps(switch)
    def stay(*args: Any, **kwargs: Any) -> None:
        try:
            switch(*args, **kwargs)
        except ImportError as error:
            print(f"⚠ Al corregir no hay ventanas, se sigue sin ellas: {error}")

    return stay


def _staying(change: Callable[..., None]) -> Callable[..., None]:
    """Return `change`, a function like os.chdir, so that it stays where it is if there is no such folder."""

    @functools.wraps(change)
    def stay(path: Any) -> None:
        try:
            change(path)
        except FileNotFoundError:
            if not _asked_by_notebook():
                raise
            print(f"⚠ La carpeta {path} no está al corregir: se sigue en la de tu cuaderno.")

    return stay


def _listing(listed: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Return `listed`, a function like os.listdir, so that a folder of the Drive that is not there lists `folder`."""

    @functools.wraps(listed)
    def list_found(path: Any = ".") -> Any:
        try:
            return listed(path)
        except FileNotFoundError:
            if not _is_colabs(path):
                raise
            return listed(folder)

    return list_found


def _second_argument(opened: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    @functools.wraps(opened)
    def find(self: Any, path: Any, *args: Any, **kwargs: Any) -> Any:
        there = beside(path, folder) if not os.access(path, os.F_OK) else None
        return opened(self, path if there is None else str(there), *args, **kwargs)

    return find
