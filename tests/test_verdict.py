"""Verdicts on graded cells, as nbgrader's own `determine_grade` reads them."""

import ast
import gc

import nbformat
import pytest
from nbgrader.utils import determine_grade

from grader.notebooks.tests import is_test
from grader.verdict import judge, partial_credit

from .test_student import Notebook


def graded_cell(source, points=2):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = nbformat.from_dict(
        {"grade": True, "solution": False, "locked": True, "grade_id": "x-test", "points": points, "schema_version": 3}
    )
    return cell


def grade(body, **names):
    cell = graded_cell(f"from grader import numbers, student\n{body}")
    cell.outputs = judge(cell, Notebook(**names))
    return determine_grade(cell)[0], cell.outputs


def test_passing_is_full_points_and_no_output():
    assert grade("assert student.f(2) == 4", f=lambda x: x * x) == (2, [])


def test_failing_shows_its_message_and_nothing_of_the_test():
    points, [output] = grade("assert student.f(2) == 4, 'f(2) no es correcto.'", f=lambda x: x)
    assert points == 0 and output.evalue == "f(2) no es correcto."
    assert "student.f" not in str(output)


def test_a_student_error_is_shown_as_such():
    points, [output] = grade("student.f(2)", f=lambda x: 1 / 0)
    assert points == 0 and "ZeroDivisionError" in output.evalue


def test_a_broken_test_calls_for_the_instructor():
    points, [output] = grade("{}['a']")
    assert points == 0 and output.ename == "CorrecciónRota" and "profesor" in output.evalue


class Parses:
    """Garbage whose finalizer parses, deep in a stack, as one does that formats a traceback; and leaves the next."""

    going_on = True

    def __init__(self):
        self.cycle = self

    def __del__(self):
        if Parses.going_on:
            parse_below(30)
            Parses()


def parse_below(frames):
    return parse_below(frames - 1) if frames else ast.parse("a + b")


def test_a_finalizer_that_parses_does_not_break_a_test():
    threshold = gc.get_threshold()
    Parses()
    gc.set_threshold(1)
    try:
        assert grade("assert student.f(2) == 4", f=lambda x: x * x) == (2, [])
    finally:
        gc.set_threshold(*threshold)
        Parses.going_on = False
        gc.collect()


def test_what_a_test_measures_is_noted_pass_or_fail():
    cell = graded_cell("from grader import measured, student\nassert measured('MSE', student.f(2), target=3) <= 3, 'x'")
    cell.outputs = judge(cell, Notebook(f=lambda x: x * x))
    assert cell.metadata.measured == {"MSE": {"value": 4.0, "target": 3.0}} and cell.outputs


def test_noise_of_a_test_costs_nothing():
    body = "import sys, warnings, numpy as np\nwarnings.warn('x')\nprint('x', file=sys.stderr)\nnp.log(np.zeros(1))"
    assert grade(body)[0] == 2


def test_escape_codes_and_bells_of_a_student_do_not_pass():
    def f(x):
        raise ValueError("\x1b[2J\x07boo")

    _, [output] = grade("student.f(1)", f=f)
    assert "\x1b" not in output.evalue and "boo" in output.evalue


@pytest.mark.parametrize(
    ("last", "points"),
    [("1.5", 1.5), ("np.float64(0.5)", 0.5), ("float('nan')", 0), ("-3", 0), ("99", 2), ("True", 2), ("'text'", 2)],
)
def test_partial_credit_is_finite_and_clipped(last, points):
    assert grade(f"import numpy as np\n{last}")[0] == points


def test_partial_credit_is_a_plain_float():
    import numpy as np

    assert repr(partial_credit(np.float32(0.5), 1)) == "0.5"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from grader import student", True),
        ("import numpy\n  \nimport grader", True),
        ("from graders import x", False),
        ("# from grader import student", False),
    ],
)
def test_only_cells_that_ask_the_notebook_run_here(source, expected):
    assert is_test(graded_cell(source)) is expected
