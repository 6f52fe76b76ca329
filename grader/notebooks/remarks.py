"""What is said, in Spanish, of a notebook that had to be repaired: in it, for the student, and to the instructor."""

import nbformat
from nbformat import NotebookNode

from .matching import Matching
from .released import Released
from .submitted import LOST, NOTE, OURS, is_ours, noted

Split = tuple[NotebookNode, Released, list[NotebookNode], bool]  # see repair.py


def note(text: str) -> NotebookNode:
    """Return a cell that tells the student something, in its place in the notebook."""
    cell: NotebookNode = nbformat.v4.new_markdown_cell(f"⚠️ {text}", metadata=OURS)
    return cell


def on_split(known: Released, additions: list[NotebookNode], changed: bool) -> str:
    text = f"Has escrito en la celda `{known.grade_id}`, que está bloqueada y se ha devuelto a como te la dieron"
    if not changed:
        return f"{text}. Lo que añadiste está ahora en una celda propia y cuenta."
    if additions:
        return f"{text}. Cuentan las definiciones que añadiste, en una celda propia; lo demás que cambiaste no cuenta."
    return f"{text}: lo que cambiaste en ella no cuenta. Escribe en las celdas de respuesta o en celdas nuevas."


def on_locked(splits: list[Split]) -> list[str]:
    """Return sentences on locked cells with something in them."""
    kept = [known for _, known, additions, _ in splits if additions]
    lost = [known for *_, known, _, changed in splits if changed]
    sentences = []
    if kept:
        sentences.append(f"Lo que añadiste en celdas bloqueadas ({_listed(kept)}) se ha pasado a celdas propias.")
    if lost:
        sentences.append(f"Lo que cambiaste en celdas bloqueadas ({_listed(lost)}) no cuenta.")
    return sentences


def on_marks(cells: list[NotebookNode], matching: Matching, marked: set[int], is_older: bool) -> list[str]:
    """Return sentences on cells without marks. marked: the keys of `matching` that have had theirs; is_older: the
    student began with another release."""
    found = [known for key, known in matching.items() if key not in marked and known.marks]
    sentences = []
    if found:
        those = "1 celda había perdido" if len(found) == 1 else f"{len(found)} celdas habían perdido"
        sentences.append(
            f"{those} sus marcas de nbgrader (¿por VS Code, Colab o una copia?): se han reconocido y cuentan. "
            "Trabaja en el cuaderno que se te dio."
        )
    own = matching.own(cells)
    gives = frozenset().union(*matching.given(own).values())
    lost = [known for known in matching.missing() if known.solution and not known.wanted & gives]
    loose = any(cell.cell_type == known.cell_type and matching.of(cell) is None for known in lost for cell in own)
    if lost and is_older:
        sentences.append(
            f"Empezaste con otra versión del cuaderno, y en el tuyo no está la celda de respuesta de {_listed(lost)}. "
            "Si se ha añadido después, no es cosa tuya: pregunta a tu profesor si tienes que hacerlo."
        )
    elif lost and loose:
        sentences.append(
            f"Tu trabajo está, sus marcas no: no se ha encontrado qué celda responde a {_listed(lost)}. Si está en tu "
            "cuaderno, dilo, y se mirará."
        )
    elif lost:
        sentences.append(f"En tu cuaderno no está la celda de respuesta de {_listed(lost)}.")
    return sentences


def _listed(released: list[Released]) -> str:
    names = [f"`{known.grade_id}`" for known in released]
    return ", ".join(names[:5]) + (f" y {len(names) - 5} más" if len(names) > 5 else "")


def tell_on_top(nb: NotebookNode, sentences: list[str]) -> None:
    """Add to our note on top of the notebook; where none could be read, that alone is said."""
    first = nb.cells[0].source if nb.cells and is_ours(nb.cells[0]) else ""
    if not sentences or noted(LOST, first):
        return
    said = noted(NOTE, first)
    if said:
        del nb.cells[0]
    text = NOTE.format(" ".join(filter(None, [said, *sentences])))
    nb.cells.insert(0, nbformat.v4.new_markdown_cell(text, metadata=OURS))
