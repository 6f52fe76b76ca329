"""A course folder that belongs to a group: what one instructor writes in it, the others can read, change and replace.

nbgrader's `groupshared` opens the files that nbgrader itself writes; here is what it leaves to the umask.
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine, event

SHARED = stat.S_ISGID | stat.S_IRWXG  # of a folder whose new files are its group's, who may write in it


def with_group(root: str | Path) -> bool:
    """Tell whether the folder `root` is its group's (mode 2770). If so, what this process and its children write from
    now on is the group's, too, and nobody else's."""
    if Path(root).stat().st_mode & SHARED != SHARED:
        return False
    os.umask(0o007)
    if not event.contains(Engine, "do_connect", _make):
        event.listen(Engine, "do_connect", _make)
    return True


def _make(dialect: Dialect, _: Any, arguments: Sequence[Any], options: dict[str, Any]) -> None:
    """Make the file of a gradebook before SQLite does, which never lets a group write."""
    name = arguments[0] if dialect.name == "sqlite" and arguments else ""
    if name and not name.startswith((":", "file:")):
        with suppress(OSError):  # what is wrong with it, SQLite says
            Path(name).touch(mode=0o660, exist_ok=False)
