"""Choose among the files of a submission the notebook that is graded: the expected one, or the one with the work."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from ..ground.text import printable
from .matching import MOST_CODE, Matching, answers, by_id, by_marks, by_names, by_place, by_source
from .reading import read_notebook
from .released import from_release, plain

MOST = 10  # notebooks that are looked at
_ENDINGS = re.compile(r"(\s|\.ipynb|\.json|\.txt)+$", re.IGNORECASE)  # browsers and Windows add them


class Unreadable(Exception):
    """A submission without a notebook to grade; the message is Spanish, for the student."""


def candidates(files: Iterable[Path]) -> list[Path]:
    """Return those of `files` that may be notebooks: by `.ipynb` in their names, or if there is none by another."""
    named = [file for file in files if ".ipynb" in file.name.lower()]
    return named or [
        f for f in files if f.suffix.strip().lower() in (".json", ".txt", "") and f.name != "timestamp.txt"
    ]


def choose(folder: Path, files: list[Path], name: str, release: NotebookNode) -> tuple[NotebookNode, Path, str]:
    """Return (notebook, its relative path, remark or ""). release: the released notebook. Raises Unreadable."""
    wanted = f"{name}.ipynb"
    named = candidates(files)
    expected = [file for file in named if _ENDINGS.sub("", file.name).casefold() == name.casefold()]
    expected.sort(key=lambda file: (len(file.parts), file.name != wanted, file))
    others = sorted(set(named) - set(expected), key=lambda file: (file.suffix != ".json", len(file.parts), file))
    named = [*expected, *others][:MOST]
    found: dict[Path, NotebookNode] = {}
    broken: dict[Path, str] = {}
    for file in named:
        try:
            found[file] = read_notebook(Path(folder) / file)
        except OSError as error:
            broken[file] = f"no se puede abrir ({error.strerror}): no hay permiso para leerlo, o el disco falla."
        except Exception as error:  # a file made by a stranger can break the reader in any way
            broken[file] = f"no se puede leer como cuaderno de Jupyter: {_why(Path(folder) / file, error)}"
    if not any(".ipynb" in file.name.lower() for file in named):  # then others are notebooks only if they can be read
        broken = {file: why for file, why in broken.items() if file in expected}
    if not found and not broken:
        there = [file for file in files if file.name != "timestamp.txt"]
        instead = f" Lo que hay es {_listed(there)}." if there else ""
        raise Unreadable(f"no contiene ningún cuaderno; se esperaba `{wanted}`. Entrégalo con ese nombre.{instead}")
    if not found:
        raise Unreadable(" ".join(f"`{printable(file)}` {why}" for file, why in list(broken.items())[:3]))
    return _with_work(found, broken, [file for file in expected if file in found], wanted, release)


def _why(path: Path, error: Exception) -> str:
    """Return what is wrong with a file that is no notebook, and what to do."""
    with path.open("rb") as file:
        start = file.read(100_000)
    again = "Entrega de nuevo el tuyo: ábrelo antes, para ver que está entero."
    if not start.strip(b"\0 \t\r\n"):
        return f"está vacío. {again}"
    if re.match(rb"\W*<(!doctype|html)", start, re.IGNORECASE):
        return f"es una página web. {again}"
    if re.search(rb"^(<{7}|>{7})", start, re.MULTILINE):
        return f"tiene marcas de conflicto de git (`<<<<<<<`). Quítalas, o recupera tu versión. {again}"
    if isinstance(error, json.JSONDecodeError):
        return f"está cortado o dañado en la línea {error.lineno}. {again}"
    return f"{printable(' '.join(str(error).split())[:120])}. Ábrelo en JupyterLab, guárdalo y entrégalo de nuevo."


def _with_work(
    found: dict[Path, NotebookNode], broken: dict[Path, str], expected: list[Path], wanted: str, release: NotebookNode
) -> tuple[NotebookNode, Path, str]:
    work = (
        {file: _answers(notebook, release, MOST_CODE // len(found)) for file, notebook in found.items()}
        if len(found) > 1 or broken
        else {}
    )
    most = [file for file in found if work.get(file) and work[file] == max(work.values())]
    most = most[:1] if len({_code(found[file]) for file in most}) == 1 else most  # copies of one another
    if expected and (work.get(expected[0]) or not most):
        chosen = expected[0]
    elif most and (len(most) == 1 or expected):
        chosen = most[-1]
    elif len(found) == 1 and not any(_names(file, wanted) for file in broken):
        [chosen] = found
    elif len(found) == 1:
        raise Unreadable(" ".join(f"`{printable(file)}` {why}" for file, why in list(broken.items())[:3]))
    else:
        raise Unreadable(f"contiene varios cuadernos ({_listed(found)}) y ninguno se llama `{wanted}`.")
    return found[chosen], chosen, _remark(chosen, found, broken, work, expected, wanted)


def _remark(
    chosen: Path,
    found: dict[Path, NotebookNode],
    broken: dict[Path, str],
    work: dict[Path, int],
    expected: list[Path],
    wanted: str,
) -> str:
    others = [file for file in found if file != chosen and work[file] and _code(found[file]) != _code(found[chosen])]
    said = [f"`{file}` {why}" for file, why in list(broken.items())[:3]]
    if expected and chosen != expected[0]:
        said.append(
            f"Has entregado `{expected[0]}`, que está sin hacer, y `{chosen}`, con tu trabajo: se ha corregido "
            f"`{chosen}`. La próxima vez entrega tu trabajo como `{wanted}`."
        )
    elif str(chosen) != wanted:
        said.append(f"Tu cuaderno se llamaba `{chosen}`; se ha corregido como `{wanted}`. Conserva el nombre.")
    if others:
        said.append(f"Se ha corregido `{chosen}`; no cuenta lo que hay en {_listed(others)}.")
    return printable(" ".join(said))


def _names(file: Path, wanted: str) -> bool:
    return _ENDINGS.sub("", file.name).casefold() == wanted.removesuffix(".ipynb").casefold()


def _answers(notebook: NotebookNode, release: NotebookNode, most: int) -> int:
    matching = Matching(from_release(release), most)
    for step in (by_marks, by_id, by_source, by_names, by_place):
        step(notebook.cells, matching)
    return answers(notebook.cells, matching)


def _code(notebook: NotebookNode) -> tuple[str, ...]:
    return tuple(plain(cell.source) for cell in notebook.cells)


def _listed(files: Iterable[Path]) -> str:
    return ", ".join(f"`{printable(file)}`" for file in list(files)[:5])
