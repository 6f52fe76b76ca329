"""Put released cells back to their places in a submitted notebook: no test before the code that it tests.

A test goes to the end of its stretch, behind all that the student has written there, and further down where the names
that it asks for are only given later; never because names are given below its answer, again or besides. Other locked
cells go to the beginning of theirs, since code may need them.

Where an answer ends and what else is done with its names begins, nobody can tell for sure. So a test that had to be put
somewhere is also judged behind each of the student's cells that give a name it asks for. One that stands in its place
is also judged where the student's cells before it give a name once more, as it was before that; behind those below it
that give one anew; and, as it is at the end, behind the last cell that the student has added. The place counts that
gives an answer's tests the most points together, so that no two wrong answers make a right one.
"""

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from .matching import Matching
from .released import Released

PLACES = "judged_after"  # metadata of a test: ids of cells
RESTORED = "restored"  # metadata of a cell that was not in the submission
ANSWER = "answer"  # metadata of a test: the grade id of its answer
MOST_PLACES = 6  # of one test; each costs its questions once more


def restore(cells: list[NotebookNode], matching: Matching, note: Callable[[str], NotebookNode]) -> list[NotebookNode]:
    """Return `cells` with the missing locked and graded ones, each behind a note of why; note: text → cell."""
    inserts: dict[int, list[tuple[Released, list[NotebookNode]]]] = {}
    for known in matching.missing():
        if known.locked or known.graded:
            cell = as_type(nbformat.v4.new_code_cell(), known.cell_type)
            cell.source = known.source
            cell.metadata["nbgrader"] = nbformat.from_dict(known.marks)
            cell.metadata[RESTORED] = True
            told = note(f"La celda `{known.grade_id}` faltaba en tu entrega: se ha repuesto para corregirla.")
            _note_places(cell, known, _givers(known, cells, matching))
            inserts.setdefault(_place(known, cells, matching), []).append((known, [told, cell]))
    result = []
    for n in range(len(cells) + 1):
        for known, pair in inserts.get(n, []):
            matching.add(pair[1], known)
            result += pair
        result += cells[n : n + 1]
    return result


def postpone(cells: list[NotebookNode], matching: Matching, note: Callable[[str], NotebookNode]) -> list[NotebookNode]:
    """Return `cells` with each test that came before the code it asks for behind that code; note: as of `restore`.

    Where else it is to be judged is noted in it.
    """
    for cell in cells[::-1]:  # so that those behind the same code keep their order
        known = matching.of(cell)
        if known is None or not known.graded or known.solution:
            continue
        cell.metadata[ANSWER] = known.answer.grade_id if known.answer else known.grade_id
        at = _position(cells, cell)
        later = _behind_code(known, cells, matching, at)
        if later > at:
            _note_places(cell, known, _givers(known, cells, matching))
            told = note(
                f"La celda `{known.grade_id}` estaba antes que tu respuesta: se ha pasado detrás para corregirla."
            )
            cells = [*cells[:at], *cells[at + 1 : later], told, cell, *cells[later:]]
        elif PLACES not in cell.metadata and known.wanted:
            below = cells[at + 1 :]
            anew = [one for one in below if _given_anew(known, one, matching)]
            _note_places(cell, known, [*_spoilt(known, cells[:at], matching), *anew, *_last_added(below, matching)])
            again = frozenset().union(*(_given_anew(known, one, matching) for one in anew))
            if again:
                names = ", ".join(f"`{name}`" for name in sorted(again))
                told = note(f"Más abajo vuelves a dar {names}: se ha corregido también lo de abajo y cuenta lo mejor.")
                cells = [*cells[:at], told, *cells[at:]]
    return cells


def as_type(cell: NotebookNode, cell_type: str) -> NotebookNode:
    """Return `cell`, or if it is of another type a new one of `cell_type` with its source and metadata."""
    if cell.cell_type == cell_type:
        return cell
    new = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    made: NotebookNode = new(cell.source, metadata=cell.metadata)
    return made


def _place(known: Released, cells: list[NotebookNode], matching: Matching) -> int:
    after, before = matching.stretch(known, cells)
    if known.graded:
        return _behind_code(known, cells, matching, before)
    gives = matching.names(known.visible).gives
    needed = any(gives & matching.names(cell.source).takes for cell in cells[after + 1 :] if cell.cell_type == "code")
    return before if after >= 0 and before == len(cells) and not needed else after + 1


def _behind_code(known: Released, cells: list[NotebookNode], matching: Matching, at: int) -> int:
    """Return the first position from `at` on with all names before it that a test asks for and the student gives."""
    gives = matching.given(matching.own(cells))
    before = frozenset().union(*(gives.get(id(cell), frozenset()) for cell in cells[:at]))
    if _is_answered(known, cells[:at], matching, gives, before):
        return at
    lacking = known.wanted - before
    for n, cell in enumerate(cells[at:], at):
        if lacking & gives.get(id(cell), frozenset()):
            lacking -= gives[id(cell)]
            at = n + 1
    return at


def _givers(known: Released, cells: list[NotebookNode], matching: Matching) -> list[NotebookNode]:
    """Return those of the student's cells that give a name that a test asks for."""
    gives = matching.given(matching.own(cells))
    return [cell for cell in cells if known.wanted & gives.get(id(cell), frozenset())]


def _note_places(test: NotebookNode, known: Released, places: list[NotebookNode]) -> None:
    """Note in a test where else it is to be judged: behind `places`, cells; of too many, the first and the last."""
    ids = list(dict.fromkeys(cell["id"] for cell in places if "id" in cell))
    if ids and known.graded and not known.solution:
        test.metadata[PLACES] = ids[: MOST_PLACES // 2] + ids[MOST_PLACES // 2 :][-MOST_PLACES // 2 :]


def _spoilt(known: Released, cells: list[NotebookNode], matching: Matching) -> list[NotebookNode]:
    """Return the cells right before the first and the last one of the student's that gives again, or hides with what
    waits for an answer, a name that a test asks for and that was given before; none without."""
    own = [cell for cell in cells if cell.cell_type == "code" and not matching.is_locked(cell)]
    given: frozenset[str] = frozenset()
    spoilt = []
    for n, cell in enumerate(own):
        names = matching.names(cell.source)
        if known.wanted & names.gives & given:
            spoilt.append(own[n - 1])
        given |= names.gives - names.hollow
    return [*spoilt[:1], *spoilt[-1:]]


def _last_added(cells: list[NotebookNode], matching: Matching) -> list[NotebookNode]:
    """Return, in a list, the last code that the student has added to the notebook; none without."""
    added = [cell for cell in matching.own(cells) if cell.cell_type == "code" and matching.of(cell) is None]
    return added[-1:]


def _is_answered(
    known: Released,
    cells: list[NotebookNode],
    matching: Matching,
    gives: dict[int, frozenset[str]],
    before: frozenset[str],
) -> bool:
    """Tell whether the answer to a test is in these cells, those before it: what it asks for besides may be anywhere
    below, as the name of something else. before: the names that the student gives in them."""
    answer = known.answer
    if answer is None:
        return False
    if answer.stub:
        return answer.stub <= before
    return any(matching.of(cell) is answer and gives.get(id(cell), frozenset()) & known.wanted for cell in cells)


def _given_anew(known: Released, cell: NotebookNode, matching: Matching) -> frozenset[str]:
    """Return the names that a test asks for and another cell of the student's gives than its answer, and not by using
    them."""
    match = matching.of(cell)
    if cell.cell_type != "code" or "grader" in cell.metadata or (match and (match.locked or match is known.answer)):
        return frozenset()
    names = matching.names(cell.source)
    return known.wanted & (names.defines | (names.gives - names.takes)) - names.hollow


def _position(cells: list[NotebookNode], cell: NotebookNode) -> int:
    return next(n for n, one in enumerate(cells) if one is cell)
