"""Students who use up or break what grades them, all in one class under small limits.

Each attack costs what it deserves and says so in the feedback; the class is graded all the same.
"""

import json
import re

import nbformat
import psutil
import pytest

from grader.execute import CourseExecute

from .course import Graded, command, full_points, hand_in, new_course, solved

ASSIGNMENT = "neuron"
FULL = full_points(ASSIGNMENT)
ALL, HEAVISIDE = set(FULL), {"heaviside-test"}
FROM_HEAVISIDE = ALL - {"weighted-sum-test"}
LIMITS = {
    **{"wall_seconds": 45, "cell_seconds": 4, "question_seconds": 3, "cpu_seconds": 60, "memory_mb": 1500},
    **{"processes": 80, "file_mb": 5, "scratch_mb": 20, "output_mb": 2},
}
CONFIG = f"\nc.CourseExecute.limits = {LIMITS}\n"


def asked(code):
    """Return a notebook whose function `heaviside` runs `code` when a test asks it."""
    return solved(ASSIGNMENT, {"heaviside": f"def heaviside(n):\n    {code}"}, first="import os, signal, sys, time")


MEMORY = """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)  # a slow machine needs more than a cell's time to fill it
for _ in range(8):
    if os.fork() == 0:
        ballast = bytearray(3 * 10**8)
        time.sleep(60)
time.sleep(60)
"""
TENSORFLOW = """
import tensorflow as tf
ballast = []
for _ in range(12):
    ballast.append(tf.ones((2**27,)))  # 512 MB each
"""
SWALLOW = """
import time
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
"""
DISK = """
def fill(folder, size, count):
    try:
        for n in range(count):
            with open(f"{folder}/{size}-{n}", "wb") as file:
                file.write(bytes(size))
    except OSError as error:
        print("FULL", error.errno)

fill(".", 10**7, 1)
fill(".", 10**6, 100)
fill("/tmp", 10**6, 100)
fill("/dev/shm", 10**6, 100)
"""
INODES = DISK.split('fill("."')[0] + 'fill(".", 0, 30_000)\nfill("/tmp", 0, 1000)'
THREADS = """
import threading, time
for _ in range(200):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
"""
SEND = """
kernel = get_ipython().kernel
def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))
"""
BYPASS = """
outlet = get_ipython().kernel.iopub_thread.send_multipart
outlet.left, outlet.fits = 10**15, lambda *_: True
"""
PILE = """
def heaviside(n):
    outlet.muted = False
    while True:
        send("display_data", {"data": {"text/plain": "x" * 200_000}, "metadata": {}})
"""
PILE_ONLY = PILE.replace("    outlet.muted = False\n", "")
DAEMON = """
import subprocess, time
subprocess.Popen("setsid sh -c 'sleep 4321987 & sleep 4321987' &", shell=True)
"""
UNFIT = """
def heaviside(n):
    raise ValueError("fin \\ud800 \\u202e \\x1b[2J")
print("suelto \\ud800 final")
"""
STOPS = {  # name: (notebook, the tests it loses, what its feedback says)
    "fork bomb": (lambda: solved(ASSIGNMENT, first="import os\nwhile True:\n    os.fork()"), ALL, "procesos o hilos"),
    "thread bomb": (lambda: solved(ASSIGNMENT, first=THREADS), ALL, "procesos o hilos"),
    "memory": (lambda: solved(ASSIGNMENT, first=MEMORY), ALL, "MB de memoria"),
    "flood": (lambda: solved(ASSIGNMENT, first=BYPASS + "while True:\n    print('x' * 1000)"), ALL, "MB de salida"),
    "one line": (lambda: solved(ASSIGNMENT, first=BYPASS + "print('x' * 10**8)"), ALL, "MB de salida"),
    "pile": (lambda: solved(ASSIGNMENT, {"heaviside": PILE}, first=SEND + BYPASS), FROM_HEAVISIDE, "MB de salida"),
    "swallow": (lambda: solved(ASSIGNMENT, first=SWALLOW), ALL, "no atiende a la interrupción"),
    "swallow asked": (lambda: asked(SWALLOW.replace("\n", "\n    ")), FROM_HEAVISIDE, "no atiende a la interrupción"),
    "all its time": ("time.sleep(3)", ALL, "El cuaderno entero ha pasado de 45 s"),  # the longest: among the first
    "exit": (lambda: solved(ASSIGNMENT, first="import os\nos._exit(0)"), ALL, "se ha cerrado"),
    "kill": (lambda: solved(ASSIGNMENT, first="import os\nos.kill(os.getpid(), 9)"), ALL, "se ha cerrado"),
    "kill group": (lambda: solved(ASSIGNMENT, first="import os\nos.kill(0, 9)"), ALL, "se ha cerrado"),
    "exit asked": (lambda: asked("os._exit(0)"), FROM_HEAVISIDE, "se ha cerrado"),
    "garbled": (lambda: solved(ASSIGNMENT, first=SEND + "send('display_data', {})"), ALL, "no son de Jupyter"),
    "garbled comm": (
        lambda: solved(ASSIGNMENT, first=SEND + "send('comm_open', {'target_name': 'jupyter.widget', 'data': 3})"),
        ALL,
        "no son de Jupyter",
    ),
    "garbled types": (
        lambda: solved(ASSIGNMENT, first=SEND + "send('display_data', {'data': 5, 'transient': 7})"),
        ALL,
        "no son de Jupyter",
    ),
}


def half_a_character():
    """Return what JSON can hold and UTF-8 cannot; JupyterLab opens it."""
    return nbformat.writes(solved(ASSIGNMENT, first="print('AQUI')")).replace("AQUI", "\\ud800")


GOES_ON = {  # name: (notebook, the tests it loses, what its feedback says)
    "endless": (lambda: solved(ASSIGNMENT, first="while True:\n    pass"), set(), "y se ha interrumpido"),
    "idle": (lambda: solved(ASSIGNMENT, first="import time\ntime.sleep(60)"), set(), "ha pasado de 4 s de reloj"),
    "prints": (lambda: solved(ASSIGNMENT, first="while True:\n    print('x' * 1000)"), set(), "se ha dejado fuera"),
    "pictures": (
        lambda: solved(ASSIGNMENT, first="while True:\n    display('x' * 10**5)"),
        set(),
        "se ha dejado fuera",
    ),
    "long line": (lambda: solved(ASSIGNMENT, first="print('x' * 10**8)"), set(), "se ha dejado fuera"),
    "shown when asked": (
        lambda: solved(ASSIGNMENT, {"heaviside": PILE_ONLY}, first=SEND),
        HEAVISIDE,
        "no ha contestado",
    ),
    "slow answer": (lambda: asked("time.sleep(60)"), HEAVISIDE, "no ha contestado en 3 s"),
    "too deep": (lambda: solved(ASSIGNMENT, first="a." * 40_000 + "b"), set(), "RecursionError"),
    "sys.exit": (lambda: solved(ASSIGNMENT, first="import sys\nsys.exit(1)"), set(), "SystemExit"),
    "disk": (lambda: solved(ASSIGNMENT, first=DISK), set(), "FULL 27"),
    "inodes": (lambda: solved(ASSIGNMENT, first=INODES), set(), "FULL 28"),
    "daemon": (lambda: solved(ASSIGNMENT, first=DAEMON), set(), "neurona"),
    "half a character": (half_a_character, set(), "neurona"),
    "unfit text": (lambda: solved(ASSIGNMENT, {"heaviside": UNFIT}), HEAVISIDE, "fin"),
}
BESIDE = ("no time", "many files", "large file", "odd names")  # all the work is there: full points, and a remark


def many_cells(code):
    nb = solved(ASSIGNMENT)
    cell = nbformat.v4.new_code_cell(code)
    nb.cells = [nbformat.v4.new_code_cell("import time"), *(nbformat.from_dict(cell) for _ in range(20)), *nb.cells]
    for n, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{n}"
    return nb


def unreadable():
    """Yield notebooks that are read as JSON, but are none to work on."""
    text = nbformat.writes(solved(ASSIGNMENT))
    cells = [{"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}]
    yield "endless cells", json.dumps({**json.loads(text), "cells": cells * 200_000})
    yield "deep", '{"cells": ' + "[" * 10**6 + "]" * 10**6 + "}"


UNREADABLE = ["endless cells", "deep"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("deny"), [ASSIGNMENT], CONFIG)
    for student in ("honest", "zoe"):  # among the first and the last
        hand_in(course, student, ASSIGNMENT, solved(ASSIGNMENT))
    for name, (make, *_) in {**STOPS, **GOES_ON}.items():
        hand_in(course, name, ASSIGNMENT, many_cells(make) if isinstance(make, str) else make())
    for name, text in unreadable():
        hand_in(course, name, ASSIGNMENT, text)
    folders = {name: hand_in(course, name, ASSIGNMENT, solved(ASSIGNMENT)).parent for name in BESIDE}
    (folders["no time"] / "timestamp.txt").write_text("mañana por la mañana")
    for n in range(1200):
        (folders["many files"] / f"{n}.txt").touch()
    with (folders["large file"] / "datos.bin").open("wb") as file:
        file.truncate(300 * 2**20)
    for name in (b"\xff\xfe.txt", b"\x1b[2J.txt", b"a\nb.txt"):
        (folders["odd names"] / name.decode("utf-8", "surrogateescape")).write_text("x")
    # It fails for the unreadable ones. Most of the others sleep: more workers than cores.
    done = command("grader", "autograde", "--workers", "4", folder=course.root, expected=1)
    command("nbgrader", "generate_feedback", ASSIGNMENT, folder=course.root)
    return Graded(course, {}, done.stdout)


def line(graded, student):
    [found] = [text for text in graded.printed.split("\n") if re.match(rf"│ {student} +│", text)]
    return found


@pytest.mark.parametrize("student", ["honest", "zoe"])
def test_the_others_are_graded_as_always(graded, student):
    assert graded.points(ASSIGNMENT, student) == FULL, graded.verdicts(ASSIGNMENT, student)


@pytest.mark.parametrize("student", STOPS)
def test_what_has_to_be_stopped_costs_the_rest_and_is_said(graded, student):
    _, lost, message = STOPS[student]
    points = graded.points(ASSIGNMENT, student)
    assert points == {test: 0 if test in lost else full for test, full in FULL.items()}
    assert message in graded.feedback(ASSIGNMENT, student)
    assert all(message in text for _, text in graded.verdicts(ASSIGNMENT, student).values())
    assert "stopped" in line(graded, student)


@pytest.mark.parametrize("student", GOES_ON)
def test_what_stops_by_itself_costs_its_own_points(graded, student):
    _, lost, message = GOES_ON[student]
    points = graded.points(ASSIGNMENT, student)
    assert points == {test: 0 if test in lost else full for test, full in FULL.items()}
    assert message in graded.feedback(ASSIGNMENT, student)


def test_tensorflow_cannot_take_all_the_memory():
    """Where it meets the limit first, it raises an error in its cell or ends the process; the watcher is the last."""
    cells = [nbformat.v4.new_code_cell(source) for source in (TENSORFLOW, "print(sum(t.shape[0] for t in ballast))")]
    executed, _ = CourseExecute(files={}, limits={"memory_mb": 1200}).preprocess(
        nbformat.v4.new_notebook(cells=cells), {"metadata": {}}
    )
    said = "".join(o.get("evalue", "") + o.get("text", "") for cell in executed.cells for o in cell.outputs)
    assert "OOM" in said or "bad_alloc" in said or executed.metadata.grader.stopped in ("memory", "dead"), said
    assert executed.metadata.grader.memory_mb < 2400


def facts(graded, student):
    path = graded.course.folder("autograded", ASSIGNMENT, student) / f"{ASSIGNMENT}.ipynb"
    return nbformat.read(path, as_version=4).metadata.grader


@pytest.mark.parametrize("student", ["swallow", "swallow asked"])
def test_who_ignores_interrupts_is_ended_within_seconds(graded, student):
    assert facts(graded, student).seconds < 3 * (LIMITS["cell_seconds"] + 10) + 30  # on however busy a machine


@pytest.mark.parametrize("student", ["fork bomb", "thread bomb", "memory", "flood", "one line", "pile"])
def test_bombs_are_stopped_at_once(graded, student):
    assert facts(graded, student).seconds < 60  # on however busy a machine


@pytest.mark.parametrize("student", UNREADABLE)
def test_what_cannot_be_a_notebook_is_said_to_be_none(graded, student):
    assert set(graded.points(ASSIGNMENT, student).values()) == {0}
    assert "no se puede leer como cuaderno" in graded.feedback(ASSIGNMENT, student)
    assert "unreadable" in line(graded, student)


@pytest.mark.parametrize("student", BESIDE)
def test_odd_files_beside_the_notebook_cost_nothing(graded, student):
    assert graded.points(ASSIGNMENT, student) == FULL
    assert "No se han tenido en cuenta" in graded.feedback(ASSIGNMENT, student)


def test_a_second_run_has_nothing_to_do(graded):
    done = command("grader", "autograde", folder=graded.course.root)
    count = 2 + len(STOPS) + len(GOES_ON) + len(UNREADABLE) + len(BESIDE)
    assert f"{count} skipped" in done.stdout


def test_no_process_is_left(graded):
    assert not [p for p in psutil.process_iter(["cmdline"]) if "4321987" in str(p.info["cmdline"])]
    ours = str(graded.course.root)
    assert not [p for p in psutil.process_iter(["cmdline"]) if ours in str(p.info["cmdline"])]


def test_what_is_printed_obeys_nobody(graded):
    assert "\x1b[2J" not in graded.printed
    assert "\x1b" not in (graded.course.root / ".grading" / "nbgrader.log").read_text("utf-8")
