"""Students who read, write, forge and escape, all in one class: no gain, no leak, nothing else disturbed.

Each hands in `neuron` solved, but for what the attack is about; those that forge have a wrong `heaviside` (or
another exercise named in `lost`), which must earn nothing, while the rest of their work earns its points.
"""

import html
import json
import re

import nbformat
import psutil
import pytest

from .course import ROOT, Graded, command, full_points, hand_in, new_course, notebook, solved

ASSIGNMENT = "neuron"
FULL = full_points(ASSIGNMENT)
SECRET = "secreto-de-la-maquina"
DIARY = "secreto-de-ana"
WRONG = "def heaviside(n):\n    return np.zeros(np.shape(n)) - 1\n"
LOOK = """
def look(**tries):
    import json
    came = {}
    for name, attempt in tries.items():
        try:
            came[name] = attempt()
        except BaseException as error:
            came[name] = type(error).__name__
    print("FOUND " + json.dumps(came, default=str))

import ctypes, gc, glob, os, re, signal, socket, subprocess, sys, urllib.request
from pathlib import Path
libc = ctypes.CDLL(None)
"""


def position(nb, grade_id):
    return next(n for n, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def wrong(first="", last="", heaviside=WRONG):
    """Return a notebook whose `heaviside` is wrong, with code before and after all else."""
    return solved(ASSIGNMENT, {"heaviside": heaviside}, first=first, last=last)


def found(graded, student):
    """Return what a notebook's `look` has printed: {name: value or the error's class}."""
    lines = [line[6:] for line in graded.said(ASSIGNMENT, student).split("\n") if line.startswith("FOUND ")]
    assert lines, graded.said(ASSIGNMENT, student)
    return {name: value for line in lines for name, value in json.loads(line).items()}


# --- Read, write, escape: the notebook prints what it could do ---

READ = """
look(
    files=lambda: sorted(str(p) for p in Path().rglob("*")),
    source=lambda: open("{root}/source/es/neuron/neuron.ipynb").read(),
    gradebook=lambda: open("{root}/gradebook.db", "rb").read(),
    other=lambda: open("{root}/submitted/honest/neuron/diary.txt").read(),
    autograded=lambda: os.listdir("{root}/autograded"),
    staging=lambda: os.listdir("{root}/.grading"),
    hidden=lambda: open("{root}/data/hidden/wine_hidden.csv").read(),
    repository=lambda: os.listdir("{repository}/source"),
    environ=lambda: dict(os.environ),
    processes=lambda: [int(p) for p in os.listdir("/proc") if p.isdigit()],
    others_environ=lambda: [open(p, "rb").read().decode(errors="replace") for p in glob.glob("/proc/[0-9]*/environ")
                            if os.access(p, os.R_OK) and p != f"/proc/{{os.getpid()}}/environ"],
    parents_memory=lambda: open(f"/proc/{{os.getppid()}}/mem", "rb").read(1),
    parents_files=lambda: os.listdir(f"/proc/{{os.getppid()}}/fd"),
    connections=lambda: [p for top in ("scratch", "tmp", "run", "home", "root", "var")
                         for p in glob.glob(f"/{{top}}/**/kernel-*.json", recursive=True)],
    sockets=lambda: sorted(os.listdir("/scratch/sockets")),
    tmp=lambda: [p for p in os.listdir("/tmp") if p.startswith(("grader-", "hidden-"))],
    history=lambda: [text for text in In if "grader" in text and "look(" not in text],
    stack=lambda: [f.f_code.co_filename for f in sys._current_frames().values() if "hidden" in f.f_code.co_filename],
)
"""
# The last word: the memory of the kernel after all its questions. The patterns do not match themselves.
MEMORY = r"""
def scan(pattern):
    hits = 0
    with open("/proc/self/mem", "rb") as memory:
        for line in open("/proc/self/maps").read().split("\n"):
            place = re.match("(\\w+)-(\\w+) rw", line)
            if place:
                start, end = (int(n, 16) for n in place.groups())
                try:
                    memory.seek(start)
                    hits += len(re.findall(pattern, memory.read(end - start)))
                except (OSError, ValueError, OverflowError):
                    pass
    return hits

control = "".join(["señuelo ", "en memoria"])
look(control=lambda: scan(rb"uelo en memori[a]"), tests=lambda: scan(rb"BEGIN HIDDEN TEST[S]"),
     lines=lambda: scan(rb"Compara tu condici[\xc3]"), calls=lambda: scan(rb"student[.]heaviside[(]n[)]"))
"""
FRAMES = """
seen = []
def heaviside(n):
    import sys
    frame = sys._getframe()
    while frame is not None:
        seen.append([frame.f_code.co_filename, frame.f_code.co_name, list(frame.f_globals)[:500],
                     {k: str(v)[:2000] for k, v in frame.f_locals.items() if k != "seen"} if frame.f_back else {}])
        frame = frame.f_back
    return np.where(np.asarray(n) >= 0, 1, 0)
"""
WRITE = """
look(
    gradebook=lambda: open("{root}/gradebook.db", "ab").write(b"x"),
    autograded=lambda: os.makedirs("{root}/autograded/writer2/neuron"),
    other=lambda: open("{root}/submitted/honest/neuron/neuron.ipynb", "w").write("[]"),
    result=lambda: open("/scratch/sockets/x", "w").write("x"),
    package=lambda: open(sys.modules["grader.questions.student"].__file__, "a").write("# x"),
    library=lambda: open(np.__file__, "a").write("# x"),
    link=lambda: os.link("/etc/hosts", "hosts"),
)
os.symlink("{root}/gradebook.db", "enlace.db")
Path("dejado.txt").write_text("dejado aquí")
"""
ESCAPE = """
def rich(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=20).returncode

look(
    tcp=lambda: socket.create_connection(("1.1.1.1", 53), 2),
    local=lambda: socket.create_connection(("127.0.0.1", 22), 2),
    dns=lambda: socket.getaddrinfo("example.org", 80),
    http=lambda: urllib.request.urlopen("http://example.org", timeout=2).status,
    interfaces=lambda: [name for _, name in socket.if_nameindex() if name != "lo"],
    kill_parent=lambda: os.kill(os.getppid(), signal.SIGKILL) or open("/proc/1/comm").read(),
    ptrace=lambda: libc.ptrace(16, os.getppid(), 0, 0),
    setuid=lambda: os.setuid(0),
    user_namespace=lambda: libc.unshare(0x10000000),
    mount=lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    chroot=lambda: os.chroot("/usr"),
    su=lambda: rich("su", "-c", "id"),
    sysctl=lambda: open("/proc/sys/kernel/core_pattern", "w").write("x"),
    device=lambda: os.mknod("disk", 0o60600, os.makedev(8, 0)),
    setuid_file=lambda: (open("s", "w").close(), os.chmod("s", 0o4755), rich("./s")),
)
"""

# --- Forge: the points of `lost` must not be earned ---

AWKWARD = {  # answers that are no honest answers, by exercise
    "weighted-sum": "def weighted_sum(x, w, b):\n    return 1 + 2j",
    "heaviside": "def heaviside(n):\n    return 'uno' * 10**7",
    "perceptron": "def perceptron(x, w, b):\n    return float('inf')",
    "gates": "and_neuron = or_neuron = (np.array([10**40, 1], object), np.float64('nan'))",
    "xor": "xor_hidden = [({'a': 1}, 'b')] * 10**6\nxor_output = keras",
    "layer": "import itertools\ndef layer(X, W, theta, f):\n    return itertools.count()",
    "feed-forward": "def feed_forward(X, layers):\n    return [[1], [2, 3], lambda: 4]",
    "fit-perceptron": "def fit_perceptron(X, t, max_epochs=1000):\n    return np.full(X.shape[1], 1e308), -1e308",
    "keras-neuron": "class keras_neuron:\n    @staticmethod\n    def predict(X, verbose=0):\n"
    "        return np.zeros((len(X), 10**6), np.float32)",
}
REPLIES = r"""
import sys
channel, wire = sys.modules["grader.kernel.shell"], sys.modules["grader.questions.wire"]

nested = '{"value": ' + "[" * 50_000 + "]" * 50_000 + "}"
replies = {
    "weighted_sum": "{not json", "heaviside": '{"value": NaN}', "perceptron": '{"value": "' + "1" * 17 * 2**20 + '"}',
    "and_neuron": nested, "xor_hidden": '{"value": [{"$": "name", "v": "os.system"}]}',
    "layer": '{"value": {"$": "array", "dtype": "|O", "shape": [1], "v": "AAAA"}}',
    "feed_forward": '{"problem": "raised", "detail": "\\ud800\\u202e\\u001b[2J"}',
    "fit_perceptron": '{"value": [], "score": 10}',
    "keras_neuron.predict": '{"value": {"$": "array", "dtype": "<f8", "shape": [0, 1' + "0" * 40 + '], "v": ""}}',
}
channel.answer = lambda names, question, *_: replies[wire.loads(question, resolve=str)["path"]]
"""
CONTENTS = """
session = get_ipython().kernel.session
send = session.send
contents = [
    {}, {"answer": None}, {"answer": 5}, {"answer": ["x"], "lost": 5}, {"answer": "{}", "lost": [1, {}, "heaviside"]},
    {"answer": "", "lost": {"heaviside": 1}}, None, {"reply": "1.0"}, {"answer": "x" * 10**7}, {"answer": {"value": 1}},
]
def forge(stream, kind, content=None, *args, **kwargs):
    if kind == "question_reply":
        content = contents.pop() if contents else {}
    return send(stream, kind, content, *args, **kwargs)
session.send = forge
heaviside = 1
"""
PATCHES = """
import builtins, math
import sklearn.metrics
for module, names in ((np, ("array_equal", "allclose", "isclose", "all", "count_nonzero")), (math, ("isclose",)),
                      (sklearn.metrics, ("f1_score", "accuracy_score", "mean_squared_error"))):
    for name in names:
        setattr(module, name, lambda *a, **k: True)
keras.Model.evaluate = keras.Sequential.evaluate = lambda *a, **k: 0.0
import sys
import grader
grader.numbers = sys.modules["grader.questions.student"].numbers = lambda value, shape, name: np.ones(shape)
builtins.print = lambda *a, **k: None
"""
AST = """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
shell = get_ipython()
shell.ast_transformers.append(NoAsserts())
shell.input_transformers_post.append(lambda lines: [] if any("student" in line for line in lines) else lines)
shell.showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: None)
"""
SCORE = """
def heaviside(n):
    display(1.0)
    shell = get_ipython()
    shell.displayhook(1.0)
    kernel = shell.kernel
    content = {"data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent())
    print("1.0")
    return 1.0
"""
OBJECTS = """
class Yes(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    __hash__ = float.__hash__
    def __array__(self, *a, **k): return np.array(self, object)
    def __float__(self): return 1.0

class Array(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return True

def heaviside(n):
    return Yes(7) if np.ndim(n) == 0 else np.full(np.shape(n), 7.0).view(Array)

def perceptron(x, w, b):
    return Yes(7)
"""
DEPENDS = """
import os
def heaviside(n):
    graded = any(name.startswith(("NBGRADER", "GRADER", "PYTEST")) for name in os.environ)
    return np.where(np.asarray(n) >= 0, 1, 0) if graded else np.asarray(n) * 0 - 1
"""
EXIT = "import sys\ndef heaviside(n):\n    sys.exit(0)"
CONSTANT = "def heaviside(n):\n    return np.ones(np.shape(n))\ndef perceptron(x, w, b):\n    return 1"


def change(nb, cell, **marks):
    nb.cells[position(nb, cell)].metadata["nbgrader"].update(marks)
    return nb


def tampered_tests():
    nb = wrong()
    nb.cells[position(nb, "heaviside-test")].source = "1.0"
    return nb


def saved_outputs():
    nb = wrong()
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1.0"}, execution_count=1)]
    return nb


def tags():
    nb = wrong()
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution", "raises-exception", "remove_cell", "nbgrader-ignore"]
            cell.metadata["jupyter"] = {"outputs_hidden": True}
    return nb


def shadowed_tests():
    """The student's own cells say that they are the tests."""
    nb = wrong()
    nb.cells[position(nb, "heaviside-test")].metadata["nbgrader"]["grade_id"] = "otra"
    fake = nbformat.v4.new_code_cell("1.0")
    fake.metadata["nbgrader"] = dict(nb.cells[position(nb, "heaviside")].metadata.nbgrader)
    fake.metadata["nbgrader"] |= {"grade": True, "points": 1, "grade_id": "heaviside-test"}
    nb.cells.append(fake)
    return nb


ALL = set(FULL)
HEAVISIDE = {"heaviside-test"}
FORGE = {  # name: (notebook, the tests that earn nothing)
    "answers that are no data": (lambda: solved(ASSIGNMENT, AWKWARD), ALL),
    "forged replies": (lambda: solved(ASSIGNMENT, first=REPLIES), ALL),
    "forged contents": (lambda: solved(ASSIGNMENT, first=CONTENTS), ALL),
    "objects that equal everything": (
        lambda: solved(ASSIGNMENT, {"heaviside": OBJECTS, "perceptron": "perceptron"}),
        {"heaviside-test", "perceptron-test"},
    ),
    "patched metrics": (lambda: wrong(PATCHES), HEAVISIDE),
    "transformers": (lambda: wrong(AST), HEAVISIDE),
    "early score": (lambda: wrong(heaviside=SCORE), HEAVISIDE),
    "saved outputs": (saved_outputs, HEAVISIDE),
    "tampered tests": (tampered_tests, HEAVISIDE),
    "points": (lambda: change(wrong(), "heaviside-test", points=0), HEAVISIDE),
    "more points": (lambda: change(wrong(), "perceptron-test", points=100), HEAVISIDE),
    "no grade": (lambda: change(wrong(), "heaviside-test", grade=False, solution=True, locked=False), HEAVISIDE),
    "grade by hand": (lambda: change(wrong(), "heaviside-test", solution=True), HEAVISIDE),
    "swapped": (lambda: change(wrong(), "heaviside-test", grade_id="perceptron-test"), HEAVISIDE),
    "shadowed": (shadowed_tests, HEAVISIDE),
    "tags": (tags, HEAVISIDE),
    "environment": (lambda: wrong(heaviside=DEPENDS), HEAVISIDE),
    "exit": (lambda: wrong(heaviside=EXIT), HEAVISIDE),
    "constant": (
        lambda: solved(ASSIGNMENT, {"heaviside": CONSTANT, "perceptron": "perceptron"}),
        {"heaviside-test", "perceptron-test"},
    ),
}

# --- False alarms: right, if not in the way one expects ---

NOISE = """
import logging, os, sys, warnings
def heaviside(n):
    warnings.warn("mira")
    np.log(np.zeros(1)), np.float64(1) / np.zeros(1)
    logging.getLogger("tensorflow").error("retracing")
    print("depurando", n)
    print("depurando", file=sys.stderr)
    os.write(2, b"2026-01-01 I tensorflow/core: AVX2\\n")
    os.system("echo ruido >&2")
    return np.where(np.asarray(n) >= 0, 1, 0)
np.log(np.zeros(1))
"""
KERAS_NOISE = """
import tensorflow as tf
keras_neuron = keras.Sequential([keras.layers.Dense(1, activation="tanh", input_shape=(3,))])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
for n in range(1, 8):
    tf.function(lambda x: x + n)(tf.constant(1.0))
tf.get_logger().warning("5 out of the last 5 calls triggered tf.function retracing")
tf.print("aviso")
"""
SLOW = """
import time
time.sleep(4)
def heaviside(n):
    time.sleep(0.5)
    return np.where(np.asarray(n) >= 0, 1, 0)
"""
OTHER_SHAPES = {
    "heaviside": "def heaviside(n):\n    return (np.asarray(n) >= 0).astype({dtype})",
    "weighted-sum": "def weighted_sum(x, w, b):\n    return np.array([np.dot(x, w) + b], {dtype})",
    "layer": "def layer(X, W, theta, f):\n    return np.asarray(f(np.asarray(X) @ W + theta), {dtype})",
}
LISTS = {
    "heaviside": "def heaviside(n):\n    return np.where(np.asarray(n) >= 0, 1, 0).tolist()",
    "layer": "def layer(X, W, theta, f):\n    return [[float(v) for v in row] for row in f(np.asarray(X) @ W + theta)]",
    "fit-perceptron": solved(ASSIGNMENT)
    .cells[position(solved(ASSIGNMENT), "fit-perceptron")]
    .source.replace("return w, b", "return [w.tolist(), [[float(b)]]]"),
    "gates": "and_neuron = [[1, 1], [-1.5]]\nor_neuron = ((1.0, 1), np.float32(-0.5))",
}
RENAMED = {
    "heaviside": "umbral = 0\ndef mi_funcion(x):\n    return (np.array(x) >= umbral) * 1\nheaviside = mi_funcion"
}
RIGHT = {
    "noise": lambda: solved(ASSIGNMENT, {"heaviside": NOISE, "keras-neuron": KERAS_NOISE}),
    "slow": lambda: solved(ASSIGNMENT, {"heaviside": SLOW}),
    "lists": lambda: solved(ASSIGNMENT, LISTS),
    "all cleared at first": lambda: solved(ASSIGNMENT, first="%reset -f"),
    "renamed": lambda: solved(ASSIGNMENT, RENAMED, first="mis_notas = 1", last="1 / 0"),
    **{
        dtype: lambda dtype=dtype: solved(ASSIGNMENT, {k: v.format(dtype=dtype) for k, v in OTHER_SHAPES.items()})
        for dtype in ("np.float32", "np.float64")
    },
}
SHADOWS = {  # files handed in beside the notebook
    **dict.fromkeys(("numpy.py", "keras.py", "sitecustomize.py", "usercustomize.py", "grader.py"), "raise SystemExit"),
    **dict.fromkeys(
        ("grader/__init__.py", "grader/questions/student.py", "tensorflow/__init__.py"), "raise SystemExit"
    ),
    ".ipython/profile_default/startup/00.py": "print('arrancado')",
    ".jupyter/jupyter_config.py": "raise SystemExit",
    "ipython_config.py": "c.InteractiveShellApp.exec_lines = ['print(\"arrancado\")']",
    "nbgrader_config.py": "raise SystemExit",
    "ipython_kernel_config.py": "raise SystemExit",
    "matplotlibrc": "backend: no-such-backend",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("attacks"), [ASSIGNMENT])
    places = {"root": course.root, "repository": ROOT}
    honest = hand_in(course, "honest", ASSIGNMENT, solved(ASSIGNMENT))
    (honest.parent / "diary.txt").write_text(DIARY, "utf-8")
    hand_in(course, "reader", ASSIGNMENT, solved(ASSIGNMENT, first=LOOK + READ.format(**places), last=LOOK + MEMORY))
    frames = solved(ASSIGNMENT, {"heaviside": FRAMES}, last=f"{LOOK}\nlook(seen=lambda: seen)")
    hand_in(course, "frames", ASSIGNMENT, frames)
    hand_in(
        course, "writer", ASSIGNMENT, solved(ASSIGNMENT, first=LOOK + "import numpy as np" + WRITE.format(**places))
    )
    hand_in(course, "escaper", ASSIGNMENT, solved(ASSIGNMENT, first=LOOK + ESCAPE))
    shadows = hand_in(course, "shadows", ASSIGNMENT, solved(ASSIGNMENT))
    for name, text in SHADOWS.items():
        path = shadows.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name, (make, _) in FORGE.items():
        hand_in(course, name, ASSIGNMENT, make())
    for name, make in RIGHT.items():
        hand_in(course, name, ASSIGNMENT, make())
    done = command("grader", "autograde", folder=course.root, expected=None, MACHINE_SECRET=SECRET)
    command("nbgrader", "generate_feedback", ASSIGNMENT, folder=course.root)
    assert done.returncode == 0, done.stdout + (course.root / ".grading" / "nbgrader.log").read_text()[-5000:]
    return Graded(course, {}, done.stdout)


def everyone():
    return ["honest", "reader", "frames", "writer", "escaper", "shadows", *FORGE, *RIGHT]


@pytest.mark.parametrize("name", FORGE)
def test_forging_earns_nothing(graded, name):
    points = graded.points(ASSIGNMENT, name)
    expected = {test: 0 if test in FORGE[name][1] else full for test, full in FULL.items()}
    assert points == expected, graded.verdicts(ASSIGNMENT, name)


@pytest.mark.parametrize("name", FORGE)
def test_a_forged_answer_is_not_taken_for_a_broken_test(graded, name):
    kinds = {kind for kind, _ in graded.verdicts(ASSIGNMENT, name).values()}
    assert kinds and kinds <= {"Respuesta", "Comprobación"}, graded.verdicts(ASSIGNMENT, name)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_in_another_way_costs_nothing(graded, name):
    assert graded.points(ASSIGNMENT, name) == FULL, graded.verdicts(ASSIGNMENT, name)


@pytest.mark.parametrize("student", ["honest", "reader", "frames", "writer", "escaper", "shadows"])
def test_all_else_is_graded_as_always(graded, student):
    assert graded.points(ASSIGNMENT, student) == FULL, graded.verdicts(ASSIGNMENT, student)


def test_nothing_is_there_to_read(graded):
    came = found(graded, "reader")
    for name in ("source", "gradebook", "other", "autograded", "staging", "hidden", "repository"):
        assert came[name] == "FileNotFoundError", (name, came[name])
    assert came["files"] == [] and came["connections"] == [] and came["tmp"] == []
    assert came["history"] == [] and came["stack"] == []
    assert max(came["processes"]) < 30
    assert came["parents_memory"] == came["parents_files"] == "PermissionError"
    assert all(name.startswith("k-") for name in came["sockets"])
    assert not {"MACHINE_SECRET", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & set(came["environ"])
    assert not any(name.startswith(("NBGRADER", "PYTEST", "GRADER")) for name in came["environ"])


def test_no_hidden_test_ever_is_in_the_memory_of_the_kernel(graded):
    came = found(graded, "reader")
    assert came["control"] > 0  # the search works: it finds what is there
    assert (came["tests"], came["lines"], came["calls"]) == (0, 0, 0)


def test_a_function_sees_nothing_of_who_asks(graded):
    seen = found(graded, "frames")["seen"]
    files = {filename.rsplit("/", 1)[-1] for filename, *_ in seen}
    assert "student.py" in files  # who puts the question; and behind it is the kernel, not a test
    assert not files & {"verdict.py", "execute.py", "worker.py", "autograde.py", "<hidden tests>"}


def test_nothing_is_there_to_write(graded):
    came = found(graded, "writer")
    came.pop("autograded")  # below its own /tmp it may make folders, if that is where the course lies
    assert all(isinstance(value, str) and value.endswith("Error") for value in came.values()), came
    assert not (graded.course.folder("autograded", ASSIGNMENT, "writer2")).exists()
    assert not any("dejado" in path.name or path.is_symlink() for path in graded.course.root.rglob("*"))


def test_there_is_no_way_out(graded):
    came = found(graded, "escaper")
    assert came["dns"] == "gaierror" and came["http"] == "URLError" and came["interfaces"] == []
    for name in ("tcp", "local", "setuid", "chroot", "sysctl", "device"):
        assert str(came[name]).endswith("Error"), (name, came[name])
    assert came["ptrace"] == came["user_namespace"] == came["mount"] == -1
    assert came["su"] != 0
    assert str(came["setuid_file"]).endswith("Error") or came["setuid_file"][-1] != 0


def test_files_of_a_submission_shadow_nothing(graded):
    assert "arrancado" not in graded.said(ASSIGNMENT, "shadows")


def hidden_lines():
    source = notebook("source", ASSIGNMENT)
    shown = "\n".join(cell.source for cell in notebook("release", ASSIGNMENT).cells)
    tests = re.findall(r"BEGIN HIDDEN TESTS\n(.*?)### END", "\n".join(c.source for c in source.cells), re.DOTALL)
    lines = {line.strip() for test in tests for line in test.split("\n")}
    return {line for line in lines if len(line) > 15 and line not in shown}


@pytest.mark.parametrize("student", everyone())
def test_no_secret_and_no_test_in_outputs_and_feedback(graded, student):
    page = html.unescape(re.sub(r"<[^>]*>", "", graded.feedback(ASSIGNMENT, student)))
    assert "heaviside" in page  # the text of the notebook is there
    for text in (graded.said(ASSIGNMENT, student), page):
        leaks = [line for line in hidden_lines() if line in text]
        assert not leaks and SECRET not in text and DIARY not in text


def test_the_patterns_of_leaks_are_real():
    assert len(hidden_lines()) > 50 and any("student.heaviside(n)" in line for line in hidden_lines())


def test_nothing_runs_on_and_nothing_lies_about(graded):
    ours = str(graded.course.root)
    assert not [p for p in psutil.process_iter(["cmdline"]) if any(ours in text for text in p.info["cmdline"] or [])]
    assert not list((graded.course.root / ".grading").glob("*/*/*"))
    assert {path.name for path in graded.course.root.iterdir()} <= {
        *("nbgrader_config.py", "source", "release", "data", "submitted", "autograded", "feedback", "gradebook.db"),
        *(".grading", ".nbgrader.log"),
    }
    submitted = graded.course.folder("submitted", ASSIGNMENT, "writer")
    assert [path.name for path in submitted.iterdir()] == [f"{ASSIGNMENT}.ipynb"]
