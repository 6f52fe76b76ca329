"""The course for home, `make kit`: a zip of what students get and what they need to run it, in build/.

Nothing of source/ or data/hidden/ is in it: the notebooks are those of release/, the rest those of kit/.
"""

import html
import re
import zipfile
from pathlib import Path

import nbformat
from nbconvert.filters import markdown2html

from .course import Course
from .data import course_root

NAME = "redes-neuronales"  # of the zip and of the folder in it
_LINK = re.compile(r"\]\(([\w-]+)/([\w-]+\.ipynb)\)")
_PAGE = """<!DOCTYPE html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 17px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }}
pre, code {{ background: #f0f1f3; border-radius: 4px; }} pre {{ padding: .8rem; overflow-x: auto; }}
code {{ padding: .1rem .3rem; }} pre code {{ padding: 0; }}
td, th {{ text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; }}
.anchor-link {{ display: none; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181b; color: #e8e8e8; }} a {{ color: #8ab4f8; }}
pre, code {{ background: #26292e; }} }}
</style></head><body><main>{body}</main></body></html>
"""


def main() -> None:
    """Write the zip and say where it is."""
    print(write(course_root(__file__)))


def write(root: Path) -> Path:
    """Write build/redes-neuronales.zip of the course in `root`; return its path."""
    path = root / "build" / f"{NAME}.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(contents(root).items()):
            info = zipfile.ZipInfo(f"{NAME}/{name}")  # of no date: the same course gives the same zip
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return path


def contents(root: Path) -> dict[str, bytes]:
    """Return {path in the folder: bytes}: the folders of the index's notebooks, numbered in its order."""
    release, kit = Course(root).folder("release", "."), root / "kit"
    index = nbformat.read(release / "index.ipynb", as_version=4)
    order = list(dict.fromkeys(folder for cell in index.cells for folder, _ in _LINK.findall(cell.source)))
    numbered = {folder: f"{n}-{folder}" for n, folder in enumerate(order, 1)}
    for cell in index.cells:
        cell.source = _LINK.sub(lambda found: f"]({numbered[found[1]]}/{found[2]})", cell.source)
    files: dict[str, bytes] = {"index.ipynb": nbformat.writes(index).encode()}
    for folder in (release / name for name in sorted(numbered)):
        for path in (path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_hidden(path, release)):
            files[f"{numbered[folder.name]}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    for path in sorted(kit.iterdir()):
        if path.suffix == ".md":
            files[f"{path.stem}.html"] = _page(path.read_text("utf-8")).encode()
        else:
            files[path.name] = path.read_bytes()
    return files


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _page(text: str) -> str:
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    assert heading is not None  # each of ours has one
    return _PAGE.format(title=html.escape(heading[1]), body=markdown2html(text))


if __name__ == "__main__":
    main()
