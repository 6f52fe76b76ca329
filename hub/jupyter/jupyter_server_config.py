"""Whoever comes in finds the index of the course in their home; it runs as that user, when their server starts."""

import contextlib
import shutil
from pathlib import Path

INDEX = Path(__file__).resolve().parents[2] / "release" / "es" / "index.ipynb"

with contextlib.suppress(OSError):  # a full or foreign home is no reason to keep anybody out
    mine = Path.home() / INDEX.name
    if not mine.exists() and not mine.is_symlink():
        shutil.copyfile(INDEX, mine)
