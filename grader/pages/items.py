"""How graded cells did: who passed, failed or left them undone, how well they tell strong students from weak ones, and
why they failed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .results import Place
from .standing import Record

FEWEST = 10  # students; a correlation of fewer means nothing
LONGEST = 400  # characters of a message that are compared and shown
# A number that is no part of a name, as F1 or X_2 are.
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?(?!\w)", re.IGNORECASE)
_UNDONE = re.compile(r"` está sin hacer todavía|^NotImplementedError\b")  # of grader.questions.student, of Python


@dataclass
class Item:
    """A graded cell: how many earned all its points, a part, or none although they had tried; undone: how many have
    not; pending: how many have to be graded by hand."""

    assignment: str
    grade_id: str
    max_points: float
    full: int
    partial: int
    none: int
    undone: int
    pending: int
    discrimination: float | None  # corrected item-total correlation
    why_not: str  # if there is no discrimination

    @property
    def count(self) -> int:
        """Return how many are graded."""
        return self.full + self.partial + self.none + self.undone

    @property
    def separates(self) -> str:
        """Return in a word how well it tells strong from weak students, by the usual bounds of Ebel and Frisbie."""
        if self.discrimination is None:
            return self.why_not
        if self.is_inverted:
            return "the wrong way round"
        return "well" if self.discrimination >= 0.4 else "fairly" if self.discrimination >= 0.2 else "hardly"

    @property
    def is_inverted(self) -> bool:
        """Tell whether strong students fail it more than weak ones, by two standard errors of a correlation or more."""
        return self.discrimination is not None and self.discrimination < -2 / self.count**0.5


@dataclass
class Failure:
    """Messages of failed cells that differ only in their numbers."""

    text: list[tuple[str, bool]]  # pieces, and whether a piece stands for numbers that differ: lowest … highest
    met: list[tuple[Record, str]]  # (Record, grade_id), by assignment and student

    @property
    def students(self) -> list[str]:
        """Return who met it, each once."""
        return sorted({record.student for record, _ in self.met})

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Return [(assignment, grade_id)] of where, each once."""
        return sorted({(record.assignment, grade_id) for record, grade_id in self.met})


def is_undone(record: Record, grade_id: str, places: Mapping[str, Place]) -> bool:
    """Tell whether a graded cell failed because the student has not tried: its answers are as they were released, or
    its message says so. places: {grade_id: grader.pages.results.Place} of the assignment."""
    if record.cells.get(grade_id) != 0:
        return False
    answers = places[grade_id].answers if grade_id in places else set()
    if (answers and answers <= record.untouched) or grade_id in record.untouched:
        return True
    return bool(_UNDONE.search(record.messages.get(grade_id, "")))


def items(
    assignment: str, max_points: Mapping[str, float], records: Sequence[Record], places: Mapping[str, Place]
) -> list[Item]:
    """Return the Items of an assignment.

    max_points: {grade_id: points}; records: its graded Records; places: {grade_id: grader.pages.results.Place}.
    """
    earned = [_points(record, cell, worth) for record in records for cell, worth in max_points.items()]
    table = np.array(earned, float).reshape(len(records), len(max_points))
    correlation = discrimination(table) if len(table) >= FEWEST else np.full(len(max_points), np.nan)
    found = []
    for grade_id, points, value in zip(max_points, table.T, correlation, strict=True):
        graded = points[~np.isnan(points)]
        full = int((graded >= max_points[grade_id]).sum())
        none = int((graded <= 0).sum()) if max_points[grade_id] > 0 else 0
        undone = sum(is_undone(record, grade_id, places) for record in records) if none else 0
        if len(table) < FEWEST:
            why_not = "too few"
        elif len(graded) < len(table):
            why_not = "not graded yet"
        else:
            why_not = "all alike" if len(set(graded)) == 1 else "no other cell to compare with"
        found.append(
            Item(
                assignment,
                grade_id,
                max_points[grade_id],
                full=full,
                partial=len(graded) - full - none,
                none=none - undone,
                undone=undone,
                pending=sum(record.cells.get(grade_id, 0.0) is None for record in records),
                discrimination=None if np.isnan(value) else float(value),
                why_not=why_not,
            )
        )
    return found


def _points(record: Record, grade_id: str, worth: float) -> float:
    """Return the points of a Record's cell, NaN if there are none yet. worth: its points today; those that it had when
    it was graded may have been others."""
    points, then = record.cells.get(grade_id), record.max_points.get(grade_id) or worth
    return np.nan if points is None else points if then == worth else round(points * worth / then, 6)


def discrimination(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how each column of `table` (students × cells, points) correlates with the sum of the others.

    An array, the corrected item-total correlation: 1 for a cell that exactly the students pass who are good at the
    rest, 0 for one that has nothing to do with it, below 0 for one that they rather fail. NaN where there is none: the
    cell or the rest is the same for all, or the cell is not graded for all (NaN) and so no part of the sum.
    """
    complete = ~np.isnan(table).any(axis=0)
    whole = table[:, complete].sum(axis=1)
    found = np.full(table.shape[1], np.nan)
    for n in np.flatnonzero(complete):
        rest = (whole - table[:, n]).round(6)
        if np.ptp(table[:, n]) and np.ptp(rest):
            found[n] = np.corrcoef(table[:, n], rest)[0, 1]
    return found


def failures(records: Iterable[Record], places: Mapping[str, Mapping[str, Place]]) -> list[Failure]:
    """Return the Failures of graded Records, those of most students first; what is undone is none.

    places: {assignment: {grade_id: grader.pages.results.Place}}.
    """
    groups: defaultdict[tuple[str, ...], list[tuple[str, tuple[Record, str]]]] = defaultdict(list)
    for record in records:
        for grade_id, message in record.messages.items():
            if not is_undone(record, grade_id, places.get(record.assignment, {})):
                text = message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
                groups[tuple(_NUMBER.split(text))].append((text, (record, grade_id)))
    found = []
    for group in groups.values():
        texts, cells = zip(*group, strict=True)
        met = sorted(cells, key=lambda place: (place[0].assignment, place[0].student, place[1]))
        found.append(Failure(_merged(texts), met))
    return sorted(found, key=lambda failure: (-len(failure.students), -len(failure.met), failure.text))


def _merged(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """Return texts that differ only in their numbers as one, in the pieces of Failure.text."""
    words = _NUMBER.split(texts[0])
    numbers = zip(*(_NUMBER.findall(text) for text in texts), strict=True)
    pieces = [(words[0], False)]
    for word, values in zip(words[1:], numbers, strict=True):
        low, high = min(values, key=_value), max(values, key=_value)
        pieces += [(low if low == high else f"{low} … {high}", low != high), (word, False)]
    return pieces


def _value(number: str) -> float:
    return float(number.replace("−", "-").replace(",", "."))
