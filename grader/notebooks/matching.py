"""Find the released cells in a submitted notebook: by nbgrader's marks, or, where these were lost, by what is left.

VS Code, Colab, copies and notebooks of one's own drop nbgrader's metadata. Then a cell is known by its id, by its
source, or by the names that it defines, in this order; an answer that no name tells, as a text, by its place. Each
released cell has one submitted cell at most, and the other way round. A match changes nothing in a cell.
"""

import re
from collections.abc import Iterable

from nbformat import NotebookNode

from ..questions.names import Names, names
from .released import Released, plain

MOST_CODE = 200_000  # characters of a notebook's code that are looked at for names
_TELLING = 30  # characters that a cell must have to be known by its text within another


class Matching(dict[int, Released]):
    """{id of a submitted cell (Python's): Released}, each Released once.

    most: characters of code that are looked at for names, in all that is asked of this matching.
    """

    def __init__(self, released: list[Released], most: int = MOST_CODE) -> None:
        super().__init__()
        self.released = released
        self._left = most
        self._names: dict[str, Names] = {}

    def add(self, cell: NotebookNode, known: Released) -> None:
        """Match a cell."""
        self[id(cell)] = known

    def of(self, cell: NotebookNode) -> Released | None:
        """Return what a submitted cell is, or None."""
        return self.get(id(cell))

    def is_locked(self, cell: NotebookNode) -> bool:
        """Tell whether a cell is matched with a locked one."""
        return id(cell) in self and self[id(cell)].locked

    def missing(self) -> list[Released]:
        """Return the released cells that no cell is matched with."""
        found = set(map(id, self.values()))
        return [known for known in self.released if id(known) not in found]

    def own(self, cells: Iterable[NotebookNode]) -> list[NotebookNode]:
        """Return the cells that hold work of the student's: code or text that was not released."""
        texts = {known.text for known in self.released} | {""}
        theirs = [cell for cell in cells if "grader" not in cell.metadata and not self.is_locked(cell)]
        return [cell for cell in theirs if plain(cell.source) not in texts]

    def names(self, source: str) -> Names:
        """Return the Names of a cell's code, or none once as much as is sensible has been looked at."""
        if source not in self._names:
            fits = len(source) <= self._left
            self._left -= len(source) if fits else 0
            self._names[source] = names(source) if fits else Names()
        return self._names[source]

    def given(self, cells: Iterable[NotebookNode]) -> dict[int, frozenset[str]]:
        """Return {id of a code cell: names that it gives}, but for those that only wait for an answer."""
        found = {id(cell): self.names(cell.source) for cell in cells if cell.cell_type == "code"}
        return {key: names.gives - names.hollow for key, names in found.items()}

    def stretch(self, known: Released, cells: list[NotebookNode]) -> tuple[int, int]:
        """Return the positions (after, before) between which `known` belongs, by its matched neighbours.

        after: -1 without one before it; before: len(cells) without one behind it.
        """
        place = {id(self[id(cell)]): n for n, cell in enumerate(cells) if id(cell) in self}
        n = next(n for n, one in enumerate(self.released) if one is known)
        after = next((place[id(one)] for one in self.released[:n][::-1] if id(one) in place), -1)
        behind = (place[id(one)] for one in self.released[n + 1 :] if id(one) in place)
        return after, next((position for position in behind if position > after), len(cells))


def by_marks(cells: list[NotebookNode], matching: Matching) -> list[tuple[NotebookNode, Released]]:
    """Match cells by nbgrader's marks; return the copies of a marked cell: only the last one counts, of an answer the
    last one that was touched, and of what the course gives, which the rest needs, the first."""
    by_name = {known.grade_id: known for known in matching.released if known.marks}
    marked: list[tuple[NotebookNode, Released]] = []
    copies = []
    for cell in cells:
        marks = cell.metadata.get("nbgrader")
        grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
        known = by_name.get(grade_id) if isinstance(grade_id, str) else None
        marked += [(cell, known)] if known is not None else []
    given = [pair for pair in marked if pair[1].locked and not pair[1].graded]
    marked = [*given, *(pair for pair in marked[::-1] if not pair[1].locked or pair[1].graded)]
    for cell, known in sorted(marked, key=lambda pair: pair[1].solution and pair[1].is_as_released(pair[0])):
        if known in matching.values():
            copies.append((cell, known))
        else:
            matching.add(cell, known)
    return copies


def by_id(cells: list[NotebookNode], matching: Matching) -> None:
    """Match cells by their ids, or by those that Colab puts into their metadata."""
    for find in (lambda cell: cell.get("id"), lambda cell: cell.metadata.get("id")):
        free = [cell for cell in cells if matching.of(cell) is None]
        for known in matching.missing():
            same = [cell for cell in free if known.cell_id and find(cell) == known.cell_id]
            if len(same) == 1:
                matching.add(same[0], known)


def by_source(cells: list[NotebookNode], matching: Matching) -> None:
    """Match cells that are as they were released: first those that occur once, then others by their neighbours."""
    for unique in (True, False):
        missing = matching.missing()
        texts = [known.text for known in missing]
        for known in missing:
            same = [cell for cell in cells if matching.of(cell) is None and known.is_as_released(cell)]
            if unique and (len(same) != 1 or texts.count(known.text) != 1):
                continue
            if not unique and same:
                after, before = matching.stretch(known, cells)
                same = [cell for cell in same if cell in cells[after + 1 : before]]
            if same:
                matching.add(same[0 if known.solution else -1], known)


def by_content(cells: list[NotebookNode], matching: Matching) -> None:
    """Match locked cells by their whole text within a cell that has more."""
    for known in matching.missing():
        if known.locked and len(known.text) >= _TELLING:
            within = re.compile(rf"^{re.escape(known.text)}$", re.MULTILINE)
            found = [c for c in cells if matching.of(c) is None and known.text in plain(c.source)]
            found = [c for c in found if within.search(plain(c.source))]
            if found:
                matching.add(found[-1], known)


def by_names(cells: list[NotebookNode], matching: Matching) -> None:
    """Match answers by the names that they define, the most of them; first those that one cell alone answers best.

    Where a name is given again, that cell counts that defines it, not one that puts its result under the same name; the
    last of equals, since that one is in force. As many answers as cells that are alike to them keep their order.
    """
    own = matching.given(cell for cell in matching.own(cells) if matching.of(cell) is None)
    for unique in (True, False):
        for known in matching.missing():
            free = [cell for cell in cells if id(cell) in own and matching.of(cell) is None]
            found = _best(known, free, matching)
            if not found or (unique and len(found) > 1):
                continue
            in_order = not unique and sum(_best(o, free, matching) == found for o in matching.missing()) == len(found)
            matching.add(free[found[0 if in_order else -1]], known)


def _best(known: Released, cells: list[NotebookNode], matching: Matching) -> list[int]:
    """Return the positions of those of `cells` that give most of the names that an answer in code is known by."""
    if not known.solution or known.cell_type != "code":
        return []
    ranks = []
    for cell in cells:
        found = matching.names(cell.source)
        wanted = known.wanted - found.hollow
        ranks.append((len(found.gives & wanted), len(found.defines & wanted)))
    best = max(ranks, default=(0, 0))
    return [n for n, rank in enumerate(ranks) if best[0] and rank == best]


def by_place(cells: list[NotebookNode], matching: Matching) -> None:
    """Match answers that no name tells, as texts, with the student's own cells in their place, if there are as many."""
    own = set(map(id, matching.own(cells)))
    places: dict[tuple[str, int, int], list[Released]] = {}
    for known in matching.missing():
        if known.solution and not known.wanted:
            places.setdefault((known.cell_type, *matching.stretch(known, cells)), []).append(known)
    for (cell_type, after, before), missing in places.items():
        between = [cell for cell in cells[after + 1 : before] if cell.cell_type == cell_type]
        free = [cell for cell in between if id(cell) in own and matching.of(cell) is None]
        if len(free) == len(missing) and (after >= 0 or before < len(cells)):
            for cell, known in zip(free, missing, strict=True):
                matching.add(cell, known)


def answers(cells: list[NotebookNode], matching: Matching) -> int:
    """Return how many of the answers a student has written, in their own cells or elsewhere."""
    gives = frozenset().union(*matching.given(matching.own(cells)).values())
    changed = {id(matching.of(cell)) for cell in matching.own(cells)}
    return sum(id(known) in changed or bool(known.wanted & gives) for known in matching.released if known.solution)
