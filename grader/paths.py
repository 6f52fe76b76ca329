"""A data file is found under the path that it had on the student's computer.

"/content/drive/MyDrive/redes/wine_shuffled.data" and "C:\\Users\\ana\\wine_shuffled.data" are right where they were
written, and in the grader's sandbox there is no such folder: the file that goes with the notebook lies beside it. So
when a file that is to be read does not exist, the one of the same name in the notebook's folder is opened, if it is
there. A file that exists is opened as ever, and nothing is ever written elsewhere.
"""

import builtins
import functools
import io
import os
import re
from pathlib import Path


def find_beside(folder):
    """From now on find files in `folder` too, by their name alone; call it once, in the notebook's own process."""
    import numpy.lib._datasource
    from IPython.core import interactiveshell

    builtins.open = io.open = interactiveshell.io_open = finding(builtins.open, folder)  # that of cells is IPython's
    source = numpy.lib._datasource.DataSource  # np.loadtxt and np.genfromtxt look whether the file is there before
    source.open = _second_argument(source.open, folder)


def finding(opened, folder):
    """Return `opened`, a function like `open`, so that what it does not find is looked for in `folder`."""

    @functools.wraps(opened)
    def find(file, mode="r", *args, **kwargs):
        try:
            return opened(file, mode, *args, **kwargs)
        except FileNotFoundError:
            found = beside(file, folder)
            if found is None or set(mode) & set("wax+"):
                raise
            return opened(found, mode, *args, **kwargs)

    return find


def beside(file, folder):
    """Return the path in `folder` of what is called as `file`, a path of any system; None if it is not there."""
    try:
        name = re.split(r"[\\/]", os.fsdecode(file))[-1]
    except TypeError:  # a file descriptor
        return None
    found = Path(folder, name)
    return found if name and found.is_file() else None


def _second_argument(opened, folder):
    @functools.wraps(opened)
    def find(self, path, *args, **kwargs):
        there = beside(path, folder) if not Path(path).exists() else None
        return opened(self, path if there is None else str(there), *args, **kwargs)

    return find
