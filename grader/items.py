"""How graded cells did: the shares that passed, how well they tell strong students from weak ones, why they failed."""

import re
from dataclasses import dataclass

import pandas as pd

FEWEST = 10  # students; a correlation of fewer means nothing
LONGEST = 400  # characters of a message that are compared and shown
# A number that is no part of a name, as F1 or X_2 are.
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?(?!\w)", re.IGNORECASE)


@dataclass
class Item:
    """A graded cell: how many earned all its points, a part, or none; pending: how many have to be graded by hand."""

    assignment: str
    grade_id: str
    max_points: float
    full: int
    partial: int
    none: int
    pending: int
    discrimination: float | None  # corrected item-total correlation
    why_not: str  # if there is no discrimination

    @property
    def count(self):
        """Return how many are graded."""
        return self.full + self.partial + self.none

    @property
    def separates(self):
        """Return in a word how well it tells strong from weak students, by the usual bounds of Ebel and Frisbie."""
        if self.discrimination is None:
            return self.why_not
        if self.is_inverted:
            return "the wrong way round"
        return "well" if self.discrimination >= 0.4 else "fairly" if self.discrimination >= 0.2 else "hardly"

    @property
    def is_inverted(self):
        """Tell whether strong students fail it more than weak ones, by two standard errors of a correlation or more."""
        return self.discrimination is not None and self.discrimination < -2 / self.count**0.5


@dataclass
class Failure:
    """Messages of failed cells that differ only in their numbers."""

    text: list[tuple[str, bool]]  # pieces, and whether a piece stands for numbers that differ: lowest … highest
    students: list[str]
    cells: list[tuple[str, str]]  # (assignment, grade_id)
    count: int


def items(assignment, max_points, records):
    """Return the Items of an assignment. max_points: {grade_id: points}; records: its graded Records."""
    table = pd.DataFrame([record.cells for record in records], columns=list(max_points), dtype=float)
    correlation = discrimination(table) if len(table) >= FEWEST else pd.Series(dtype=float)
    found = []
    for grade_id, points in table.items():
        graded = points.dropna()
        full = int((graded >= max_points[grade_id]).sum())
        none = int((graded <= 0).sum()) if max_points[grade_id] > 0 else 0
        value = correlation.get(grade_id)
        if len(table) < FEWEST:
            why_not = "too few"
        elif len(graded) < len(table):
            why_not = "not graded yet"
        else:
            why_not = "all alike" if graded.nunique() == 1 else "no other cell to compare with"
        found.append(
            Item(
                assignment,
                grade_id,
                max_points[grade_id],
                full=full,
                partial=len(graded) - full - none,
                none=none,
                pending=sum(record.cells.get(grade_id, 0.0) is None for record in records),
                discrimination=None if value is None or pd.isna(value) else float(value),
                why_not=why_not,
            )
        )
    return found


def discrimination(table):
    """Return how each column of `table` (students × cells, points) correlates with the sum of the others.

    A pandas Series, the corrected item-total correlation: 1 for a cell that exactly the students pass who are good at
    the rest, 0 for one that has nothing to do with it, below 0 for one that they rather fail. NaN where there is
    none: the cell or the rest is the same for all, or the cell is not graded for all (NaN) and so no part of the sum.
    """
    complete = table.dropna(axis="columns")
    rest = complete.rsub(complete.sum(axis="columns"), axis="index").round(6)
    varied = [cell for cell in complete if complete[cell].nunique() > 1 and rest[cell].nunique() > 1]
    return complete[varied].corrwith(rest[varied]).reindex(table.columns)


def failures(records):
    """Return the Failures of graded Records, those of most students first."""
    groups = {}
    for record in records:
        for grade_id, message in record.messages.items():
            text = message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
            groups.setdefault(tuple(_NUMBER.split(text)), []).append(
                (text, record.student, (record.assignment, grade_id))
            )
    found = []
    for group in groups.values():
        texts, students, cells = zip(*group, strict=True)
        found.append(Failure(_merged(texts), sorted(set(students)), sorted(set(cells)), len(group)))
    return sorted(found, key=lambda failure: (-len(failure.students), -failure.count, failure.text))


def _merged(texts):
    """Return texts that differ only in their numbers as one, in the pieces of Failure.text."""
    words = _NUMBER.split(texts[0])
    numbers = zip(*(_NUMBER.findall(text) for text in texts), strict=True)
    pieces = [(words[0], False)]
    for word, values in zip(words[1:], numbers, strict=True):
        low, high = min(values, key=_value), max(values, key=_value)
        pieces += [(low if low == high else f"{low} … {high}", low != high), (word, False)]
    return pieces


def _value(number):
    return float(number.replace("−", "-").replace(",", "."))
