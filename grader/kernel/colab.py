"""What a notebook asks of Google Colab, where there is none: a drive to mount, a file to upload, a table to show.

Uploading gives the files that lie beside the notebook, as if they had been chosen; all else does nothing and says so.
Only what asks for `google.colab` comes here, and only if it cannot be imported. Its interface is in
github.com/googlecolab/colabtools.
"""

import functools
import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from ..kernel import paths

COLAB = "google.colab"


def stand_in(folder: Path) -> None:
    """From now on let `google.colab` be imported; call it once, in the notebook's own process, with its folder."""
    sys.meta_path.append(_Finder(folder))


class _Finder(MetaPathFinder, Loader):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if f"{fullname}.".startswith(f"{COLAB}.") else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Colab(spec.name)

    def exec_module(self, module: Any) -> None:
        if module.__name__ == f"{COLAB}.files":
            module.upload = _upload
        elif module.__name__ == f"{COLAB}.drive":
            module.mount = functools.partial(_mount, self.folder)


class _Colab(ModuleType):
    """A module of Colab's: its modules, or functions of any name that do nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self.__name__ == COLAB:
            return importlib.import_module(f"{COLAB}.{name}")
        secret = f"{self.__name__}.{name}" == f"{COLAB}.userdata.get"
        return functools.partial(_nothing, f"{self.__name__}.{name}", "" if secret else None)


def _nothing(name: str, result: str | None, *args: object, **kwargs: object) -> str | None:
    print(f"⚠ {name} no hace nada al corregir: se sigue sin ella.")
    return result


def _mount(notebook: Path, drive: str, *_: object, **__: object) -> None:
    """Make a Drive in which lies what has been handed in: copies, since a notebook may copy them from there to here."""
    print("⚠ google.colab.drive.mount: al corregir, en tu Drive está lo que acompaña a tu cuaderno.")
    if Path(drive) == Path("/content/drive"):  # there is no other in Colab
        paths.copy_files(notebook, Path(drive, "MyDrive"))


def _upload(*_: object, **__: object) -> dict[str, bytes]:
    print("⚠ google.colab.files.upload da, al corregir, los ficheros que acompañan a tu cuaderno.")
    return {
        path.name: path.read_bytes() for path in sorted(Path().iterdir()) if path.is_file() and path.suffix != ".ipynb"
    }
