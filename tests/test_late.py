"""What late work costs, at the borders: grace, begun days, changes of the clock, extensions."""

import datetime

import pytest

from grader.course import GradingError
from grader.ground import duedates
from grader.office.extensions import FILE, extensions
from grader.office.late import LatePolicy

TEN = LatePolicy(percent_per_day=10, most_percent=25, grace_minutes=15)


def at(text):
    return duedates.parse(f"{text} Europe/Madrid", naive=None)


@pytest.mark.parametrize(
    ("due", "time", "days"),
    [
        ("2027-03-01 23:59", "2027-03-01 23:59", 0),
        ("2027-03-01 23:59", "2027-03-02 00:14", 0),  # the grace
        ("2027-03-01 23:59", "2027-03-02 00:15", 1),
        ("2027-03-01 23:59", "2027-03-03 00:14", 1),  # which each day has
        ("2027-03-01 23:59", "2027-03-03 00:15", 2),
        ("2027-03-27 23:59", "2027-03-28 23:59", 1),  # a day of 23 hours
        ("2027-03-27 23:59", "2027-03-29 00:15", 2),
        ("2027-10-30 23:59", "2027-10-31 23:59", 1),  # one of 25
        ("2027-10-30 23:59", "2027-11-01 00:15", 2),
        ("2027-03-27 02:30", "2027-03-28 03:44", 1),  # half past two does not exist on the next day
        ("2027-10-30 02:30", "2027-10-31 02:44", 1),  # and is there twice
        ("2027-10-30 02:30", "2027-10-31 02:46", 1),  # of which the later one counts
        ("2027-10-30 02:30", "2027-10-31 03:44", 2),
        ("2026-12-31 23:59", "2027-12-31 23:59", 365),
    ],
)
def test_begun_days_are_counted_by_the_clock(due, time, days):
    assert TEN.days(at(due), at(time)) == days


def test_a_second_past_the_grace_is_a_day():
    due = at("2027-03-01 23:59")
    grace = datetime.timedelta(minutes=15)
    assert TEN.days(due, due + grace) == 0
    assert TEN.days(due, due + grace + datetime.timedelta(seconds=1)) == 1


def test_the_penalty_is_a_share_of_what_was_earned_up_to_the_most():
    due = at("2027-03-01 23:59")
    late = [due + datetime.timedelta(days=days, hours=1) for days in range(5)]
    assert [TEN.penalty(8, due, time) for time in late] == pytest.approx([0.8, 1.6, 2.0, 2.0, 2.0])
    assert TEN.penalty(8, due, due) == TEN.penalty(8, None, due) == TEN.penalty(8, due, None) == 0
    assert LatePolicy().penalty(8, due, late[-1]) == 0
    assert TEN.penalty(-1, due, late[0]) == 0


class Course:
    """What `extensions` asks of a course."""

    def __init__(self, root):
        self.root = root


@pytest.mark.parametrize(
    "text",
    ["ana,doble,2027-02-07 23:59 Europe/Madrid\n", "student,assignment,due\nana,doble\n", "student,due,what\na,b,c\n"],
)
def test_a_file_of_extensions_of_another_form_is_refused(tmp_path, text):
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(GradingError, match="with the headings student, assignment, due"):
        extensions(Course(tmp_path))


def test_what_a_spreadsheet_has_saved_is_read(tmp_path):
    text = "Assignment;Student;Due\ndoble;íñigo;2027-02-07 23:59 Europe/Madrid\n"
    (tmp_path / FILE).write_text(text, "cp1252")
    assert extensions(Course(tmp_path)) == {("doble", "íñigo"): at("2027-02-07 23:59")}


def test_two_rows_of_one_student_are_refused(tmp_path):
    row = "ana,doble,2027-02-07 23:59 Europe/Madrid\n"
    (tmp_path / FILE).write_text(f"student,assignment,due\n{row}{row}", "utf-8")
    with pytest.raises(GradingError, match="row 3: there is another row of ana in doble"):
        extensions(Course(tmp_path))


def test_a_time_without_a_zone_is_refused(tmp_path):
    (tmp_path / FILE).write_text("student,assignment,due\nana,doble,2027-02-07 23:59\n", "utf-8")
    with pytest.raises(GradingError, match="has no time zone"):
        extensions(Course(tmp_path))
