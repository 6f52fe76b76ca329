"""What nbgrader lacks for this course. Hidden tests need only these names."""

from .data import hidden_data
from .questions.measures import measured
from .questions.student import numbers, randomised, student

__all__ = ["hidden_data", "measured", "numbers", "randomised", "student"]
