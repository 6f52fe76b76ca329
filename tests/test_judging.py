"""Hidden tests that run on, end their process, grow or die: that cell's correction breaks, and nothing else."""

import os
import time

import pytest

from grader import judging
from grader.judging import JudgeError, verdict
from grader.questions.student import StudentError, answer

from .test_verdict import graded_cell


def judged(body, seconds=60, **names):
    """Return (error name or None, its text, measures) of tests that may ask for `names`."""
    cell = graded_cell(f"from grader import measured, numbers, student\n{body}")
    outputs, measures = verdict(cell, lambda _, text: (answer(names, text), ["gone"]), seconds, 2)
    error = next((o for o in outputs if o.output_type == "error"), None)
    return (error.ename, error.evalue, measures) if error else (None, "", measures)


@pytest.fixture(scope="module", autouse=True)
def mother():
    """That of a program that has threads; a worker's is tried by all that `grader autograde` does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "_mother", None)
        yield
        judging._mother.close()


def test_a_verdict_is_that_of_the_same_process():
    assert judged("assert student.f(2) == 4", f=lambda x: 2 * x) == (None, "", {})
    assert judged("assert student.f(2) == 4, 'no es 4'", f=lambda x: x)[:2] == ("Comprobación", "no es 4")
    name, text, _ = judged("student.f(2)", f=lambda x: 1 / 0)
    assert name == "Respuesta" and "ZeroDivisionError" in text
    assert judged("measured('MSE', student['x'], target=1)", x=0.5)[2] == {"MSE": {"value": 0.5, "target": 1}}


def test_a_name_that_the_notebook_has_deleted_is_told():
    assert "Una celda tuya borra `gone`" in judged("student.gone(1)")[1]
    assert "borra" not in judged("student.other(1)")[1]


def test_what_the_student_s_side_cannot_answer_is_the_student_s():
    def refuse(path, text):
        raise StudentError(f"`{path}` no ha contestado en 5 s.")

    cell = graded_cell("from grader import student\nstudent.f(1)")
    [output], _ = verdict(cell, refuse, 60, 2)
    assert (output.ename, output.evalue) == ("Respuesta", "`f` no ha contestado en 5 s.")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("while True: pass", "ha pasado de 3 s"),
        ("x = student.f(1)\nwhile x < 9: x *= student.f(1)", "ha pasado de 3 s"),  # questions do not stop its clock
        ("import time; time.sleep(600)", "ha pasado de 3 s"),
        ("import re; re.match('(a|a)*b', 'a' * 60)", "ha pasado de 3 s"),
        ("import sys; sys.exit('mal')", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import unittest; unittest.main(argv=['x'], module=None)", "SystemExit"),
        ("import pytest; pytest.skip('hoy no', allow_module_level=True)", "Skipped: hoy no"),
        ("import os; os._exit(0)", "su proceso ha muerto"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "su proceso ha muerto"),
        ("import numpy as np; np.ones(10**11)", "MemoryError"),
        ("x = [0]\nwhile True: x = x + x", "MemoryError"),
        ("def f(): f()\nf()", "RecursionError"),
    ],
)
def test_a_test_that_does_not_end_breaks_its_cell_alone(body, says):
    started = time.monotonic()
    name, text, _ = judged(body, seconds=3 if "3 s" in says else 60, f=lambda x: 1)
    assert name == "CorrecciónRota" and says in text and "profesor" in text
    assert time.monotonic() - started < 60
    assert judged("assert student.f(2) == 1", f=lambda x: 1)[0] is None


def test_what_answers_take_is_not_the_tests_time():
    def slow(x):
        time.sleep(1)
        return x

    assert judged("for n in range(9): assert student.f(n) == n", seconds=3, f=slow)[0] is None


def test_a_test_changes_nothing_for_the_next_one():
    assert judged("import os, numpy as np; os.environ['X_TEST'] = '1'; np.random.seed = None")[0] is None
    assert judged("import os, numpy as np; assert 'X_TEST' not in os.environ and callable(np.random.seed)")[0] is None


def test_a_mother_that_is_killed_is_no_verdict():
    def kill(path, text):
        os.kill(pid, 9)
        return answer({"f": lambda x: x}, text), []

    cell = graded_cell("import os\nfrom grader import student\nassert student.f(os.getppid()) > 1")
    pid = None

    def find(path, text):
        nonlocal pid
        pid = int(text.split('"args"')[1].split("[")[1].split("]")[0])
        return kill(path, text)

    with pytest.raises(JudgeError):
        verdict(cell, find, 60, 2)
    assert judged("assert student.f(2) == 2", f=lambda x: x)[0] is None  # another one takes its place
