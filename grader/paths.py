"""A data file is found under the path that it had on the student's computer.

"/content/drive/MyDrive/redes/wine_shuffled.data", "C:\\Users\\ana\\wine_shuffled.data" and "../data/numbers.csv" are
right where they were written, and in the grader's sandbox there is no such folder: what goes with the notebook lies
beside it. So when a file that is to be read does not exist, the one is opened that lies in the notebook's folder as the
end of its path says, folders included as far as they are there, or, deeper, the only one of that name. A file that
exists is opened as ever, and nothing is ever written elsewhere.
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
        parts = re.split(r"[\\/]", os.fsdecode(file))
    except TypeError:  # a file descriptor
        return None
    if parts[-1] in ("", ".", ".."):
        return None
    known = [part for part in parts if part not in ("", ".", "..")]
    ends = (os.path.join(folder, *known[n:]) for n in range(len(known)))  # noqa: PTH118 (pathlib raises for odd names)
    found = next(filter(os.path.isfile, ends), None)
    if found is None:
        deeper = [parent for parent, _, names in os.walk(folder) if known[-1] in names]
        found = os.path.join(deeper[0], known[-1]) if len(deeper) == 1 else None  # noqa: PTH118
    return None if found is None else Path(found)


def _second_argument(opened, folder):
    @functools.wraps(opened)
    def find(self, path, *args, **kwargs):
        there = beside(path, folder) if not Path(path).exists() else None
        return opened(self, path if there is None else str(there), *args, **kwargs)

    return find
