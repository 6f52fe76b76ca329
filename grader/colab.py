"""What a notebook asks of Google Colab, where there is none: a drive to mount, a file to upload, a table to show.

Uploading gives the files that lie beside the notebook, as if they had been chosen; all else does nothing and says so.
Only what asks for `google.colab` comes here, and only if it cannot be imported. Its interface is in
github.com/googlecolab/colabtools.
"""

import contextlib
import functools
import importlib
import shutil
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

COLAB = "google.colab"


def stand_in():
    """From now on let `google.colab` be imported; call it once, in the notebook's own process."""
    sys.meta_path.append(_Finder())


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, fullname, path=None, target=None):
        return ModuleSpec(fullname, self, is_package=True) if f"{fullname}.".startswith(f"{COLAB}.") else None

    def create_module(self, spec):
        return _Colab(spec.name)

    def exec_module(self, module):
        if module.__name__ == f"{COLAB}.files":
            module.upload = _upload
        elif module.__name__ == f"{COLAB}.drive":
            module.mount = _mount


class _Colab(ModuleType):
    """A module of Colab's: its modules, or functions of any name that do nothing."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if self.__name__ == COLAB:
            return importlib.import_module(f"{COLAB}.{name}")
        secret = f"{self.__name__}.{name}" == f"{COLAB}.userdata.get"
        return functools.partial(_nothing, f"{self.__name__}.{name}", "" if secret else None)


def _nothing(name, result, *args, **kwargs):
    print(f"⚠ {name} no hace nada al corregir: se sigue sin ella.")
    return result


def _mount(folder, *_, **__):
    """Make a Drive in which lies what has been handed in: copies, since a notebook may copy them from there to here."""
    print("⚠ google.colab.drive.mount: al corregir, en tu Drive está lo que acompaña a tu cuaderno.")
    files = [path for path in Path().iterdir() if path.name != Path(folder).name]
    with contextlib.suppress(OSError):  # as where there is no room
        drive = Path(folder, "MyDrive")
        drive.mkdir(parents=True, exist_ok=True)
        for path in (path for path in files if not (drive / path.name).exists()):
            if path.is_dir():
                shutil.copytree(path, drive / path.name)
            else:
                shutil.copyfile(path, drive / path.name)


def _upload(*_, **__):
    print("⚠ google.colab.files.upload da, al corregir, los ficheros que acompañan a tu cuaderno.")
    return {
        path.name: path.read_bytes() for path in sorted(Path().iterdir()) if path.is_file() and path.suffix != ".ipynb"
    }
