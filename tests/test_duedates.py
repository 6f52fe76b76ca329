"""Due dates are read as they are written, or refused with a sentence."""

from datetime import datetime

import pytest

from grader.course import Course
from grader.ground.duedates import TimeError, parse

from .course import ROOT, command


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2027-01-31 23:59 CET", datetime(2027, 1, 31, 22, 59)),
        ("2027-06-30 23:59 CET", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30 23:59 CEST", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30 23:59 Europe/Madrid", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30 23:59 +0200", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30 23:59+02:00", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30T21:59:00Z", datetime(2027, 6, 30, 21, 59)),
        ("2027-06-30 11:59 PM UTC", datetime(2027, 6, 30, 23, 59)),
        ("2027-06-30 23:59 America/Argentina/Buenos_Aires", datetime(2027, 7, 1, 2, 59)),
        ("2027-03-28 01:59 Europe/Madrid", datetime(2027, 3, 28, 0, 59)),  # the last minute of winter time
        ("2027-03-28 03:00 Europe/Madrid", datetime(2027, 3, 28, 1, 0)),
        ("2027-10-31 02:30 CEST", datetime(2027, 10, 31, 0, 30)),
        ("2027-10-31 03:00 Europe/Madrid", datetime(2027, 10, 31, 2, 0)),
        ("30-JUN-2027 23:59 +0200", datetime(2027, 6, 30, 21, 59)),
        ("30/06/2027 23:59 CET", datetime(2027, 6, 30, 21, 59)),
        ("2015-02-02 15:58:23.948203 UTC", datetime(2015, 2, 2, 15, 58, 23, 948203)),
    ],
)
def test_zones(text, right):
    assert parse(text, naive=None) == right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-06-30 23:59", "no time zone"),
        ("2027-06-30 11:59 PM", "no time zone"),
        ("2027-06-30 23:59 XYZ", "«XYZ» is no time zone"),
        ("2027-06-30 23:59 UTC+2", "names a zone and an offset"),
        ("2027-06-30 23:59 CEST +0200", "names a zone and an offset"),
        ("06/07/2027 23:59 Europe/Madrid", "could be two days"),
        ("9999-12-31 23:59 -1200", "out of the calendar"),
        ("mañana", "is no date and time"),
        ("", "is no date and time"),
        ("2027-13-45 23:59 UTC", "is no date and time"),
        ("2027-03-28 02:30 Europe/Madrid", "clocks go forward"),
    ],
)
def test_what_cannot_be_read_for_sure(text, said):
    with pytest.raises(TimeError, match=said):
        parse(text, naive=None)


def test_by_the_real_command(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    add = ("nbgrader", "db", "assignment", "add", "doble", "--duedate")
    command(*add, "2027-06-30 23:59 CEST", folder=tmp_path)
    for text in ("2027-06-30 23:59", "2027-06-30 23:59 XYZ"):
        refused = command(*add, text, folder=tmp_path, expected=1)
        assert "The due date was not set." in refused.stderr and "Traceback" not in refused.stderr
    with Course(tmp_path).gradebook() as gradebook:
        assert gradebook.find_assignment("doble").duedate == datetime(2027, 6, 30, 21, 59)
