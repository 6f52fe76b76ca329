"""What no verdict depends on is left out of grading, and nothing else."""

import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from grader.execute import CourseExecute
from grader.notebooks.skipping import SKIPPED, TAG, better, in_doubt, tag
from grader.questions.names import names

from .course import ASSIGNMENTS, FIXED_SEED, cell, notebook

DRAWING = "fig, ax = plt.subplots()\nax.plot(x_demo, f(x_demo))"
GIVER = "x_demo = np.linspace(0, 1)"
HELPER = "def f(x):\n    return x**2"
SKIPPABLE = GIVER, HELPER, DRAWING


def left_out(*own):
    """Return the sources that are left out of a notebook of three such cells and a student's `own` cells."""
    cells = [*map(new_code_cell, SKIPPABLE), *(new_code_cell(s) if isinstance(s, str) else s for s in own)]
    handed_in = nbformat.v4.new_notebook()
    handed_in.cells = cells  # not validated
    skipped = tag(handed_in, {*SKIPPABLE, "SEED = 1"}, set(SKIPPABLE))
    assert skipped == [cell for cell in cells if SKIPPED in cell.metadata.get("tags", [])]
    return [cell.source for cell in skipped]


@pytest.mark.parametrize(
    ("source", "gives", "takes"),
    [
        ("x = x * 2", "x", "x"),
        ("x = 1\ny = x", "x y", ""),
        ("y += 1", "y", "y"),
        ("fig, ax = plt.subplots()\nax.plot(t)", "ax fig", "plt t"),
        ("def f(t, a=W):\n    return t + later\nlater = 1", "f later", "W later"),
        ("later = 1\nif later:\n    y = later", "y later", ""),
        ("if z:\n    y = 1\nprint(y)", "y", "z y print"),
        ("for m in rows:\n    total = m\n    print(m, total)", "m total", "rows print"),
        ("with f() as g:\n    a = g\n    b = a\nc = b", "a b c g", "f b"),
        ("def f():\n    global math\n    return math.pi", "f", "math"),
        ("def f():\n    try:\n        return x_toy\n    except NameError:\n        return 2", "f", "x_toy NameError"),
        ("try:\n    x_toy\nexcept NameError:\n    x_toy = 1", "x_toy", "x_toy NameError"),
        ("def f():\n    return x_toy\nif SEED < 0:\n    x_toy = None", "f x_toy", "x_toy SEED"),
        ("x_toy = 2\ndel x_toy", "x_toy", "x_toy"),
        ("%%time\ny = x_toy", "y", "x_toy"),
        ("%%capture out\ndef f():\n    return x_toy", "f", "x_toy"),
        ("f = lambda x: x * W", "f", "W"),
        ("class C:\n    a = W\n    def f(self):\n        return V", "C", "W V"),
        ("match p:\n    case [a, *b]:\n        print(a, b)", "a b", "p print"),
        ("def f():\n    global state\n    state = other", "f state", "other"),
        ("[x for x in rows]", "", "rows"),
        ("data['x'] = 1", "data", "data"),
        ("data.x = 1", "data", "data"),
        ("import os.path as p, sys", "p sys", ""),
        ("class C(Base):\n    pass", "C", "Base"),
        ("%matplotlib inline\nx = 1", "get_ipython x", "get_ipython"),
        ("assert student.f(2) == student.table", "", "f student table"),
        ("a = student['table.x']\ndef g():\n    return student['more']", "a g", "table student more"),
        ("esto no es Python", "", ""),
    ],
)
def test_names(source, gives, takes):
    found = names(source)
    assert set(takes.split()) - {"get_ipython"} == found.takes - {"get_ipython"}
    assert set(gives.split()) - {"get_ipython"} == found.gives


@pytest.mark.parametrize(
    "source",
    [
        "globals()['x_demo']",
        "eval('x_demo')",
        "exec('print(x_demo)')",
        "get_ipython().user_ns['x_demo']",
        "import __main__",
        "from numpy import *",
        "_ + 1",
        "Out[3]",
        "%timeit f(2)",
        "!ls",
        "frame.query('a > @x_demo')",
        "import sys\nsys.modules['__main__'].x_demo",
        "import sys\nsys._getframe().f_globals['x_demo']",
        "f.__globals__['x_demo']",
        "from builtins import eval as e\ne('x_demo')",
        "x" + " + x" * 20_000,
        "x = '" + "a" * 100_001 + "'",
    ],
    ids=lambda source: source[:20],
)
def test_code_that_can_take_names_in_a_roundabout_way_has_everything_executed(source):
    assert left_out("y = 1") and not left_out(source)


@pytest.mark.parametrize(
    "source",
    [
        "def g(x, seen=[]):\n    return x",
        "n = 0\ndef g(x):\n    global n\n    n += 1\n    return n * x",
        "seen = []\ndef g(x):\n    seen.append(x)\n    return seen[0]",
        "known = {}\ndef g(x):\n    known[x] = known.get(x, 0) + 1\n    return known[x]",
        "values = iter([4, 8])\ng = lambda x: next(values)",
        "class C:\n    n = 0\ndef g(x):\n    C.n += 1\n    return C.n",
    ],
)
def test_what_could_answer_otherwise_the_second_time_is_asked_by_the_self_checks_too(source):
    assert not left_out(source)
    assert left_out("def g(x):\n    rows = []\n    rows.append(x)\n    rows[0] = 1\n    return rows")


@pytest.mark.parametrize("source", ["print(f'{x_demo}')", "frame.pipe('x_demo')", "s = ('a', 'of x_demo, b')"])
def test_a_name_in_a_students_string_counts(source):
    assert GIVER not in left_out(source)


def test_comments_docstrings_and_harmless_magics_do_not():
    source = '%matplotlib inline\n# x_demo\ndef g():\n    """f of x_demo"""'
    assert left_out(source) == list(SKIPPABLE)


def test_nothing_depends_on_them():
    assert left_out("y = 1") == list(SKIPPABLE)


def test_what_gives_a_name_that_is_taken_is_executed_with_what_that_takes():
    assert left_out("print(x_demo)") == [HELPER, DRAWING]
    assert left_out("def g(x):\n    return f(x)") == [GIVER, DRAWING]
    assert left_out("ax.set_title('mío')") == []
    assert left_out("def g(x_demo):\n    f = 2\n    return f * x_demo") == list(SKIPPABLE)


def test_an_edited_one_is_the_students():
    assert left_out(DRAWING + "\nplt.title('mío')") == [DRAWING]


def test_the_names_that_a_hidden_test_takes():
    assert left_out(cell(new_code_cell, "assert student.f(2) == 4", "f-test", grade=True)) == [GIVER, DRAWING]


def test_a_marked_cell_is_never_left_out():
    assert left_out(cell(new_code_cell, GIVER, "demo", solution=True)) == list(SKIPPABLE)


def test_a_students_own_tags_leave_nothing_out():
    tagged, strange = new_code_cell("x = 1"), new_code_cell("y = 2")
    tagged.metadata["tags"] = [SKIPPED, "mine"]
    strange.metadata["tags"] = f"{SKIPPED}!"
    assert left_out(tagged, strange) == list(SKIPPABLE)
    assert tagged.metadata.tags == ["mine"] and "tags" not in strange.metadata


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_drawings_of_the_students_results_are_not_left_out(assignment):
    cells = notebook("source", assignment).cells
    exercises = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    theirs = frozenset().union(*(names(source).gives for source in exercises))
    tagged = [cell for cell in cells if TAG in cell.metadata.get("tags", [])]
    assert tagged
    for skipped in tagged:
        facts = skipped.metadata.get("nbgrader", {})
        checked = facts.get("locked", False) and facts.grade_id != "figures"  # those are functions, called or not
        assert checked or not names(skipped.source).takes & theirs, skipped.source
        assert not checked or "show(" not in skipped.source, skipped.source


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_they_are_left_out_under_the_real_command(graded, assignment):
    released = {cell.source for cell in notebook("release", assignment).cells if TAG in cell.metadata.get("tags", [])}
    folder = graded.course.folder("autograded", assignment, f"reference-solved-{FIXED_SEED}")
    executed = nbformat.read(folder / f"{assignment}.ipynb", as_version=4).cells
    skipped = [cell for cell in executed if SKIPPED in cell.metadata.get("tags", [])]
    assert {cell.source for cell in skipped} == released
    assert not any(cell.outputs or cell.execution_count for cell in skipped)
    others = [cell for cell in executed if cell.cell_type == "code" and cell.source not in released]
    assert all(cell.execution_count for cell in others if not cell.metadata.get("nbgrader", {}).get("grade"))
    drawn = [cell for cell in others if "show(" in cell.source and cell.metadata.get("nbgrader", {}).get("locked")]
    assert any("<img " in output.get("data", {}).get("text/html", "") for cell in drawn for output in cell.outputs)


def executed(outputs, grade_id="f-test", points=2.0, grade=True):
    one = cell(new_code_cell, "# Objetivo", grade_id, grade=grade, locked=True, **({"points": points} if grade else {}))
    one.outputs = outputs
    return one


def notebook_of(*cells):
    nb = nbformat.v4.new_notebook()
    nb.cells = list(cells)
    return nb


UNDONE = new_output("error", ename="NotImplementedError", evalue="Escribe aquí tu solución.")
FULL = []
HALF = [new_output("execute_result", {"text/plain": "1.0"})]
FAILED = [new_output("error", ename="Comprobación", evalue="No es el doble.")]
MISSING = [new_output("error", ename="Respuesta", evalue="No encuentro `f` en tu cuaderno.")]


@pytest.mark.parametrize(
    ("outputs", "other", "doubt"),
    [
        (FULL, [], False),
        (HALF, [], True),
        (FAILED, [], True),
        (MISSING, [UNDONE], False),  # not attempted
        (MISSING, [], True),
        ([new_output("error", ename="Respuesta", evalue="`f` está sin hacer todavía.")], [], False),
        (
            [new_output("display_data", {"image/png": ""}), new_output("execute_result", {"text/plain": "True"})],
            [],
            False,
        ),
    ],
)
def test_only_lost_points_are_in_doubt(outputs, other, doubt):
    assert in_doubt(notebook_of(executed(other, "other", grade=False), executed(outputs))) is doubt


def test_two_wrong_halves_of_two_executions_make_no_right_answer():
    def tests(*outputs):
        cells = [executed(output, name) for name, output in zip("ab", outputs, strict=True)]
        for one in cells:
            one.metadata["answer"] = "f"
        return notebook_of(*cells)

    whole = tests(FAILED, FULL)
    better(tests(FULL, FAILED), whole)
    assert [one.outputs for one in whole.cells if one.cell_type == "code"] == [FAILED, FULL]
    better(tests(FULL, FULL), whole)
    assert not any(one.outputs for one in whole.cells if one.cell_type == "code")


def test_of_two_verdicts_the_better_counts():
    whole = notebook_of(executed(FAILED, "a"), executed(FULL, "b"), executed(HALF, "c"))
    better(notebook_of(executed(HALF, "a"), executed(FAILED, "b"), executed(FULL, "c")), whole)
    assert [one.outputs for one in whole.cells] == [HALF, FULL, FULL]


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "def f():\n    x = [" + ", ".join(["'word'"] * n) + "]",
        lambda n: "%ls\n" * n,
        lambda n: "x = 1\n" * n,
        lambda n: "def f():\n" + "".join(f"    def g{k}(): return h{k}\n" for k in range(n)),
        lambda n: "class C:\n" + "".join(f"    def g{k}(self): return 'a'\n" for k in range(n)),
        lambda n: "x = '''" + "\n " * 10 * n + "'''",
        lambda n: "x = 1" + "\n" * 20 * n + "y = 2",
    ],
    ids=["strings", "magics", "lines", "functions", "methods", "blanks", "empty lines"],
)
def test_the_cost_of_the_analysis_grows_with_the_length_of_a_cell(make):
    def once(n):
        names.cache_clear()
        start = time.process_time()
        names(make(n))
        return time.process_time() - start

    def seconds(n):
        return min(once(n) for _ in range(3))  # Python's collector, on its way through all that other tests keep

    assert seconds(4000) < 8 * seconds(1000) + 1  # four times as long: a square would make it sixteen times


@pytest.mark.parametrize(
    ("own", "below", "expected"),
    [
        ({"a": 1, "b": 0}, {"a": 0, "b": 1}, 1),  # two wrong halves make no right answer
        ({"a": 1, "b": 0}, {"a": 1, "b": 1}, 2),
        ({"a": 0, "b": 0}, {"a": 0, "b": 1}, 1),
        ({"a": 1, "b": 1}, {}, 2),
        ({"a": 1, "b": 0}, {"b": 1}, 1),  # `a` was not judged there
    ],
)
def test_the_tests_of_an_answer_are_judged_at_one_place(own, below, expected):
    def judged(name, points):
        test = cell(new_code_cell, "", name, grade=True, points=1)
        test.outputs = [] if points else [new_output("error", ename="Comprobación", evalue="no")]
        return test

    execute = CourseExecute()
    tests = {name: judged(name, points) for name, points in own.items()}
    execute.verdicts = {name: {None: test} for name, test in tests.items()}
    for name, points in below.items():
        execute.verdicts[name]["below"] = judged(name, points)
    execute._choose_place(list(tests.values()))
    assert sum(not test.outputs for test in tests.values()) == expected


def test_an_answer_that_broke_is_in_doubt_whatever_else_waits():
    waiting = executed([UNDONE], "other", grade=False)
    broken = executed([new_output("error", ename="ValueError", evalue="No such layer")], "answer", grade=False)
    broken.source = "f = make()"
    assert in_doubt(notebook_of(waiting, broken, executed(MISSING)))
    kept = executed([], "answer", grade=False)
    kept.source = "try:\n    f = make()\nexcept NameError:\n    pass"
    assert in_doubt(notebook_of(waiting, kept, executed(MISSING)))
