"""How often is the grader wrong? Known-outcome submissions (`known`) × seeds, graded, noted and shown (`page`)."""

from .known import Submission, build, find, reference

__all__ = ["Submission", "build", "find", "reference"]
