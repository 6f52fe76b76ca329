"""Put released cells back to their places in a submitted notebook: no test before the code that it tests.

A test goes to the end of its stretch, behind all that the student has written there, and further down where the names
that it asks for are only given later; never because names are given below its answer, again or besides. Other locked
cells go to the beginning of theirs, since code may need them.

Where an answer ends and what else is done with its names begins, nobody can tell for sure. So a test that had to be put
somewhere is also judged behind each of the student's cells that give a name it asks for, and the best verdict counts.
So is one that stands in its place where the student has answered once more, in a cell of their own further down.
"""

import nbformat

PLACES = "judged_after"  # metadata of a test: ids of cells
MOST_PLACES = 6  # of one test; each costs its questions once more


def restore(cells, matching, note):
    """Return `cells` with the missing locked and graded ones, each behind a note of why; note: text → cell."""
    inserts = {}
    for known in matching.missing():
        if known.locked or known.graded:
            cell = as_type(nbformat.v4.new_code_cell(), known.cell_type)
            cell.source = known.source
            cell.metadata["nbgrader"] = nbformat.from_dict(known.marks)
            told = note(f"La celda `{known.grade_id}` faltaba en tu entrega: se ha repuesto para corregirla.")
            _note_places(cell, known, cells, matching)
            inserts.setdefault(_place(known, cells, matching), []).append((known, [told, cell]))
    result = []
    for n in range(len(cells) + 1):
        for known, pair in inserts.get(n, []):
            matching.add(pair[1], known)
            result += pair
        result += cells[n : n + 1]
    return result


def postpone(cells, matching, note):
    """Return `cells` with each test that came before the code it asks for behind that code; note: as of `restore`.

    What its answer is given by once more, in cells of the student's own further down, is noted in it.
    """
    for cell in cells[::-1]:  # so that those behind the same code keep their order
        known = matching.of(cell)
        if known is None or not known.graded or known.solution:
            continue
        at = _position(cells, cell)
        later = _behind_code(known, cells, matching, at)
        if later > at:
            _note_places(cell, known, cells, matching)
            told = note(
                f"La celda `{known.grade_id}` estaba antes que tu respuesta: se ha pasado detrás para corregirla."
            )
            cells = [*cells[:at], *cells[at + 1 : later], told, cell, *cells[later:]]
        elif PLACES not in cell.metadata:
            below = [one for one in cells[at + 1 :] if _is_new_answer(one, known, matching)]
            if again := _note_places(cell, known, below, matching):
                names = ", ".join(f"`{name}`" for name in sorted(again))
                told = note(
                    f"Más abajo vuelves a dar {names}: se ha corregido también esa respuesta y cuenta la mejor."
                )
                cells = [*cells[:at], told, *cells[at:]]
    return cells


def as_type(cell, cell_type):
    """Return `cell`, or if it is of another type a new one of `cell_type` with its source and metadata."""
    if cell.cell_type == cell_type:
        return cell
    new = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return new(cell.source, metadata=cell.metadata)


def _place(known, cells, matching):
    after, before = matching.stretch(known, cells)
    if known.graded:
        return _behind_code(known, cells, matching, before)
    gives = matching.names(known.visible).gives
    needed = any(gives & matching.names(cell.source).takes for cell in cells[after + 1 :] if cell.cell_type == "code")
    return before if after >= 0 and before == len(cells) and not needed else after + 1


def _behind_code(known, cells, matching, at):
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


def _note_places(test, known, cells, matching):
    """Note in a test where else in `cells` it is to be judged; return the names that are given there."""
    if not known.graded or known.solution:
        return frozenset()
    gives = matching.given(matching.own(cells))
    found = [cell for cell in cells if "id" in cell and known.wanted & gives.get(id(cell), frozenset())]
    giving = {cell["id"]: gives[id(cell)] for cell in found}
    ids = list(giving)
    if ids:
        test.metadata[PLACES] = ids[: MOST_PLACES // 2] + ids[MOST_PLACES // 2 :][-MOST_PLACES // 2 :]
    return known.wanted & frozenset().union(*giving.values())


def _is_answered(known, cells, matching, gives, before):
    """Tell whether the answer to a test is in these cells, those before it: what it asks for besides may be anywhere
    below, as the name of something else. before: the names that the student gives in them."""
    answer = known.answer
    if answer is None:
        return False
    if answer.stub:
        return answer.stub <= before
    return any(matching.of(cell) is answer and gives.get(id(cell), frozenset()) & known.wanted for cell in cells)


def _is_new_answer(cell, known, matching):
    """Tell whether a cell of the student's own gives a name that a test asks for, and not by using it."""
    if cell.cell_type != "code" or matching.of(cell) is not None:
        return False
    names = matching.names(cell.source)
    return bool(known.wanted & (names.defines | (names.gives - names.takes)))


def _position(cells, cell):
    return next(n for n, one in enumerate(cells) if one is cell)
