"""Limits and odd habits of honest students: what is late, long or cleared costs only what it must.

One class under small limits through the real commands; and kernels of this process beside others that take the
processor.
"""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.execute import CourseExecute
from grader.kernel.watch import Clock, Moment

from .course import LIGHT, Graded, cell, command, hand_in, new_course

LIMITS = {"wall_seconds": 90, "cell_seconds": 4, "question_seconds": 3, "output_mb": 1}
CONFIG = f"{LIGHT}c.CourseExecute.limits = {LIMITS}\n"
SETUP = "import io, os, sys\nimport numpy as np"
DOUBLE = "def double(x):\n    return 2 * np.asarray(x)"
ANIMATION = """
import matplotlib.pyplot as plt
from IPython.display import HTML
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots()
animation = FuncAnimation(fig, lambda k: ax.scatter(*np.random.rand(2, 3000), s=3), frames=12)
plt.close(fig)
display(HTML(animation.to_jshtml()))
"""
LATE = """
import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    end = time.time() + 6  # longer than nbclient waits
    while time.time() < end:
        pass
"""
NAMES = (
    *("list", "str", "len", "print", "open", "type", "id", "sum", "max", "min", "input", "dict", "isinstance", "repr"),
    *("getattr", "__import__", "get_ipython"),
)
ALL_OF_IT = {  # {student: code that stands before the answer and costs nothing}
    "animation": ANIMATION,
    "late": LATE,
    "prints for ever": "while True:\n    print()",
    "own names": " = ".join(NAMES) + " = 3",
    "own builtins": "__builtins__ = {}",
    "builtins deleted": "import builtins\ndel builtins.print, builtins.sum, builtins.open",
    "reset": f"%reset -f\n{SETUP}",
    "soft reset": f"%reset -sf\n{SETUP}",
    "reset of parts": f"%reset -f in out array dhist\n{SETUP}",
    "loop that deletes": f"for name in list(globals()):\n    del globals()[name]\n{SETUP}",
    "globals cleared": f"globals().clear()\n{SETUP}",
    "captured": "sys.stdout = io.StringIO()",
    "captured, both": "import contextlib\ncontextlib.redirect_stdout(io.StringIO()).__enter__()\n"
    "contextlib.redirect_stderr(io.StringIO()).__enter__()",
    "to a closed file": "sys.stdout = open(os.devnull, 'w')\nsys.stdout.close()",
    "closed": "sys.stdout.close()\nsys.stderr.close()",
    "with stdout": "with sys.stdout:\n    print('hola')",
    "no stdout": "sys.stdout = sys.stderr = None",
    "stdout deleted": "del sys.stdout",
    "stdout without flush": "class Log:\n    def write(self, text):\n        pass\nsys.stdout = Log()",
    "the first stdout": "sys.stdout = sys.__stdout__",
    "closed descriptors": "os.closerange(0, 3)",
    "other descriptors": "null = os.open(os.devnull, os.O_WRONLY)\nos.dup2(null, 1)\nos.dup2(null, 2)",
    "elsewhere": "import signal, warnings\nos.makedirs('otra', exist_ok=True)\nos.chdir('otra')\nsys.path.clear()\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwarnings.simplefilter('error')\nsys.setrecursionlimit(200)",
    "threads": "import threading, time\n"
    "threading.Thread(target=lambda: [time.sleep(0.1) or print('.') for _ in range(10**6)], daemon=True).start()",
}
SAYS = {"animation": "se ha dejado fuera", "late": "4 s de reloj", "prints for ever": "se ha interrumpido"}
CELL_MAGIC = "memit"
MAGICS = ("matplotlib qt", "tensorflow_version 2.x", "load_ext nb_black", "conda install -y keras")
CLEARED = {  # {student: code that stands behind the answer}
    "reset at last": "%reset -f",
    "deleted at last": "del double",
    "cleared at last": "globals().clear()",
    "name it needs": "del np",
}


def notebook(body="raise NotImplementedError", before=None, after=None):
    """Return a notebook with one exercise; before, after: code of cells of the student's own."""
    test = "# Objetivo: el doble.\n### BEGIN HIDDEN TESTS\nfrom grader import student\n"
    test += "assert student.double(2) == 4, 'double(2) no es 4'\n### END HIDDEN TESTS"
    own = [[new_code_cell(source)] if source else [] for source in (before, after)]
    return new_notebook(
        cells=[
            new_markdown_cell("# Doble\n\n## Ejercicio 1 · `double` (4 puntos)"),
            cell(new_code_cell, SETUP, "setup", locked=True),
            *own[0],
            cell(new_code_cell, body, "double", solution=True),
            *own[1],
            cell(new_code_cell, test, "double-test", grade=True, locked=True, points=4),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("limits"), [], CONFIG)
    source = course.root / "source" / "es" / "doble" / "doble.ipynb"
    source.parent.mkdir()
    nbformat.write(notebook(f"### BEGIN SOLUTION\n{DOUBLE}\n### END SOLUTION"), source)
    command("nbgrader", "generate_assignment", "doble", folder=course.root)
    for student, code in ALL_OF_IT.items():
        hand_in(course, student, "doble", notebook(DOUBLE, before=code))
    for student, code in CLEARED.items():
        hand_in(course, student, "doble", notebook(DOUBLE, after=code))
    for magic in MAGICS:
        hand_in(course, f"magic {magic.split()[0]}", "doble", notebook(f"%{magic}\n{DOUBLE}"))
    hand_in(course, "magic of a cell", "doble", notebook(f"%%{CELL_MAGIC}\n{DOUBLE}"))
    done = command("grader", "autograde", folder=course.root)
    return Graded(course, {}, done.stdout)


@pytest.mark.parametrize("student", ALL_OF_IT)
def test_honest_work_keeps_its_points(graded, student):
    assert graded.points("doble", student) == {"double-test": 4}, graded.said("doble", student)
    assert SAYS.get(student, "") in graded.said("doble", student)


@pytest.mark.parametrize("magic", MAGICS)
def test_a_magic_of_another_environment_does_not_stop_its_cell(graded, magic):
    student = f"magic {magic.split()[0]}"
    assert graded.points("doble", student) == {"double-test": 4}, graded.said("doble", student)
    assert f"`%{magic}` no funciona al corregir" in graded.said("doble", student)


def test_a_cell_is_executed_without_a_magic_that_nobody_knows(graded):
    assert graded.points("doble", "magic of a cell") == {"double-test": 4}, graded.said("doble", "magic of a cell")
    assert f"`%%{CELL_MAGIC}` no existe al corregir" in graded.said("doble", "magic of a cell")


def test_an_answer_that_is_deleted_before_its_test_counts_as_it_was(graded):
    assert graded.points("doble", "deleted at last") == {"double-test": 4}


@pytest.mark.parametrize("student", [student for student in CLEARED if student != "deleted at last"])
def test_who_deletes_the_answer_is_told_so(graded, student):
    assert graded.points("doble", student) == {"double-test": 0}
    [(_, text)] = graded.verdicts("doble", student).values()
    assert "Una celda tuya borra `" + ("np" if student == "name it needs" else "double") in text, text


# --- The clock ---


def run(*sources, **limits):
    """Execute cells; return what each printed or the text of its error, and the facts of the notebook."""
    nb = new_notebook(cells=[new_code_cell(source) for source in sources])
    nb, _ = CourseExecute(files={}, limits=limits).preprocess(nb, {"metadata": {}})
    said = ["".join(o.get("text") or o.get("evalue", "") for o in cell.outputs) for cell in nb.cells]
    return said, nb.metadata.grader


@pytest.fixture
def busy():
    """Other programs take the processors, as nice as a kernel is."""
    hog = ["nice", "-n", "10", sys.executable, "-c", "while True: pass"]
    hogs = [subprocess.Popen(hog, start_new_session=True) for _ in range(4 * os.cpu_count())]
    yield
    for process in hogs:
        process.kill()
        process.wait()


WORK = """
import time
began, cpu = time.monotonic(), time.process_time()
while time.process_time() - cpu < 1.5:
    pass
print(time.monotonic() - began)
"""


def test_the_load_of_a_machine_is_not_the_notebooks(busy):
    """Once in vain: what it needs is less than its limit, what it takes is more."""
    [said], _ = run(WORK, cell_seconds=3, busy_factor=20)
    assert float(said) > 3


def test_on_a_busy_machine_too_everything_ends(busy):
    said, _ = run("while True: pass", "print(1)", cell_seconds=1, busy_factor=3)
    assert "de 1 s de procesador" in said[0] or "de 3 s de reloj" in said[0]
    assert said[1] == "1\n"
    said, _ = run("import time; time.sleep(60)", "print(1)", cell_seconds=2, busy_factor=10)
    assert "2 s de reloj" in said[0] and said[1] == "1\n"
    [said], facts = run("while True: pass", wall_seconds=2, busy_factor=10)
    assert facts.stopped == "wall" and "2 s de procesador" in said


def test_clock():
    clock = Clock(100)
    clock.advance(101, got=0, waits={})  # asleep, or Linux does not tell
    assert clock.seconds == 1
    clock.advance(102, got=0.1, waits={"1": 0.9})  # one thread that got a tenth
    assert clock.seconds == pytest.approx(1.1)
    clock.advance(103, got=2, waits={"1": 0.9, "2": 6})  # eight threads that got two processors
    assert clock.seconds == pytest.approx(2.1)
    clock.advance(104, got=0.5, waits={"1": 4.4, "2": 10})  # eight that got half of one
    assert clock.seconds == pytest.approx(2.6)
    clock.advance(105, got=0.2, waits={"3": 0.3})  # half a second of sleep
    assert clock.seconds == pytest.approx(3.3)
    clock.advance(106, got=1, waits={"3": 0.3}, counts=False)
    clock.advance(107, got=1, waits={"3": 0.3})
    assert clock.seconds == pytest.approx(4.3)


def test_a_limit_says_what_was_too_much():
    assert Moment(5, 3, 3).over(4, 3) is None
    assert Moment(5, 4.5, 4).over(4, 3) == "4 s de procesador"
    assert Moment(5, 4.5, 0.1).over(4, 3) == "4 s de reloj"
    assert Moment(13, 1, 1).over(4, 3) == "12 s de reloj"
