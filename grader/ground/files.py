"""Files that are written whole, or not at all, and those beside a notebook."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Yield a path to write a file to that takes the place of `path` in the end: it is never half-written."""
    path = Path(path).resolve()
    if path.exists() and not path.is_file():  # /dev/stdout
        yield path
        return
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def working_files(folder: str | Path) -> dict[str, bytes]:
    """Return {relative name: bytes} of what a notebook finds beside it: not notebooks, they hold hidden tests."""
    folder = Path(folder)
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    files = (file for file in files if file.suffix != ".ipynb" and file.name != "timestamp.txt")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
