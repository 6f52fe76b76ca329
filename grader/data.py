"""The grader's own data: files that hidden tests read and students never get."""

import os
from pathlib import Path

HIDDEN = "GRADER_HIDDEN_DATA"  # environment of a worker: the folder that holds its copies of the hidden files


def course_root(start: str | Path | None = None) -> Path:
    """Return the folder with nbgrader_config.py at or above `start` (default: the working folder).

    Raises FileNotFoundError.
    """
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "nbgrader_config.py").is_file():
            return folder
    raise FileNotFoundError(f"No nbgrader_config.py at or above {here}: run this inside the course folder.")


def hidden_data(name: str) -> Path:
    """Return the path of a file in data/hidden/, for hidden tests. Raises FileNotFoundError."""
    folder = os.environ.get(HIDDEN) or course_root() / "data" / "hidden"
    path = Path(folder) / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist: make it with `make data`.")
    return path
