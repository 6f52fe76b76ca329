"""What nbgrader lacks for this course. Hidden tests need only these three names."""

from .data import hidden_data
from .student import numbers, student

__all__ = ["hidden_data", "numbers", "student"]
