"""What people read: the feedback of one student, the report on a class, and the figures in both."""

from .report import write_report
from .standing import Record, Standing, read_standing
from .totals import report_settings, total

__all__ = ["Record", "Standing", "read_standing", "report_settings", "total", "write_report"]
