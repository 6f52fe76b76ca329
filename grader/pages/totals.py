"""What a student has earned in all, by c.Report in nbgrader_config.py; for the report and for the workbook."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..course import Course, GradingError
from .standing import UNGRADED, Record

_WRONG = "c.Report.{} in nbgrader_config.py cannot be used ({!r}): {}."


@dataclass(frozen=True)
class Settings:
    """c.Report. weights: {assignment: what it counts}, 1 where it is not named; formgrader: where a page that has been
    opened as a file finds it."""

    weights: dict[str, float] = field(default_factory=dict)
    formgrader: str = "http://localhost:8888/formgrader"

    def weight(self, assignment: str) -> float:
        """Return what an assignment counts."""
        return self.weights.get(assignment, 1)


def report_settings(course: Course) -> Settings:
    """Return the Settings of a course. Raises GradingError."""
    settings = Settings(**course.config.Report)
    if not isinstance(settings.weights, dict) or not all(map(_is_amount, settings.weights.values())):
        raise GradingError(
            _WRONG.format("weights", settings.weights, 'write numbers from 0 on, as {"wine": 2, "neuron": 0.5}')
        )
    address = settings.formgrader
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise GradingError(
            _WRONG.format("formgrader", address, "write its address, as http://localhost:8888/formgrader")
        )
    with course.gradebook() as gradebook:
        assignments = {*course.assignments(), *(assignment.name for assignment in gradebook.assignments)}
    if unknown := sorted(set(map(str, settings.weights)) - assignments):
        there_is = ", ".join(sorted(assignments)) or "none yet"
        raise GradingError(
            f"c.Report.weights in nbgrader_config.py names {', '.join(unknown)}, which is no assignment of this "
            f"course: take it out, or correct the name. There is: {there_is}."
        )
    return settings


def total(records: Iterable[Record], settings: Settings) -> float | None:
    """Return the total of a student's Records: the shares of their assignments' points, averaged by weight.

    1 for all points. What is missing counts as 0; what has not been graded yet, or whose test broke, not at all. None
    if nothing counts.
    """
    counted = [r for r in records if r.state != UNGRADED and r.worth > 0]
    weights = [settings.weight(record.assignment) for record in counted]
    if not sum(weights):
        return None
    shares = [record.points / record.worth for record in counted]
    return sum(weight * share for weight, share in zip(weights, shares, strict=True)) / sum(weights)


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
