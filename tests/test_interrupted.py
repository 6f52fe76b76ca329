"""Ctrl-C and SIGTERM, whatever a command is doing: it ends in seconds, says what to do, leaves nothing behind."""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from grader import stopping
from grader.ground.files import whole

from .course import BIN, command, hand_in, new_course
from .test_freshness import RIGHT, source

SECONDS = 20  # it takes up to 3 where nothing else runs, longer beside other tests; SQLite alone would wait for 30
CONFIG = """
import os
c.CourseExecute.preload = os.environ.get("PRELOAD", "").split()
"""
TEST = "from grader import student\nassert student.double(2) == 4, 'no'"
TEACHES = "x = 0\nwhile True:\n    x += 1"  # as a network that learns: it heeds nobody
WAITS = "def double(x):\n    import time\n    time.sleep(600)"
MANY, LONG = 1900, "x = [1]\n" * 1500  # cells, and what is in each: much to read
SUBMISSION = "right_slow"


@pytest.fixture(scope="module")
def scratch():
    """A folder for temporary files, with a short name: sockets are in it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("interrupted"), [], CONFIG)
    shutil.rmtree(course.folder("source", "."))
    path = course.folder("source", "doble") / "doble.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source(test=f"### BEGIN HIDDEN TESTS\n{TEST}\n### END HIDDEN TESTS"), path)
    known = course.outcomes / "doble" / f"{SUBMISSION}.py"
    known.parent.mkdir(parents=True)
    known.write_text(f"# %% [raw]\n# kind: right\n# why: it takes its time\n\n# %% double\n{WAITS}")
    command("nbgrader", "generate_assignment", "doble", folder=course.root)
    return course


def attempt(course, answer, cells=0):
    nb = json.loads((course.folder("release", "doble") / "doble.ipynb").read_text("utf-8"))
    nb["cells"][1]["source"] = answer
    nb["cells"] += [{**nb["cells"][1], "id": f"n{n}", "metadata": {}, "source": LONG} for n in range(cells)]
    hand_in(course, "ana", "doble", json.dumps(nb))


class Run:
    """A command under way, in a session of its own as in a terminal."""

    def __init__(self, course, scratch, *arguments, **variables):
        self.scratch = scratch
        self.process = subprocess.Popen(
            [BIN / "grader", *arguments], cwd=course.root, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(scratch), "COLUMNS": "200", **variables},
        )  # fmt: skip

    def family(self):
        """Return all processes of the run, also those that have lost their parents, by the folder that they know of."""
        found = set()
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if str(self.scratch) in f"{process.environ()} {process.cmdline()}":
                    found |= {process, *process.children(recursive=True)}
        return found

    def wait_for_ears(self):
        """Wait until the command hears signals, a moment after Python has started."""
        self.wait(lambda _: any(self.scratch.iterdir()))
        time.sleep(0.5)

    def wait(self, ready):
        """Wait until ready(processes) holds."""
        while not ready(self.family()):
            assert self.process.poll() is None, self.process.stdout.read()
            time.sleep(0.1)

    def interrupt(self, *numbers):
        """Send the signals, as the terminal does to all its processes, or as `kill` to one; return what was said.

        Asserts that it ends in time, and that nothing is left.
        """
        family, started = self.family(), time.monotonic()
        for number in numbers:
            if self.process.poll() is None:
                (os.killpg if number == signal.SIGINT else os.kill)(self.process.pid, number)
            time.sleep(0.3)
        said, _ = self.process.communicate(timeout=120)
        took = time.monotonic() - started
        print(f"{numbers[0].name} {took:.2f} s")
        assert took < SECONDS, said
        assert self.process.returncode == 128 + numbers[0], said
        assert said.count(stopping.SAID) == 1 and said.rstrip().endswith(stopping.SAID), said
        assert "Traceback" not in said and "Exception" not in said, said
        assert psutil.wait_procs(family, timeout=10)[1] == [] and self.family() == set()
        assert list(self.scratch.iterdir()) == []
        return said


def warm(processes, at_least=1):
    """Tell whether the process that imports for notebooks is there; with its supervisor and kernel they are three."""
    return sum("grader.kernel.warm" in line and "bwrap" not in line[0] for line in map(words, processes)) >= at_least


def busy(processes, seconds=0.7):
    """Tell whether one that multiprocessing has forked has worked for a while."""
    with contextlib.suppress(psutil.Error):  # one has just ended
        forked = [p for p in processes if all("forkserver" in " ".join(words(one)) for one in (p, p.parent()))]
        return any(sum(p.cpu_times()[:2]) > seconds for p in forked)


def at_the_gradebook(processes):
    """Tell whether one of them has it open."""
    with contextlib.suppress(psutil.Error):
        return any("gradebook.db" in file.path for p in processes for file in p.open_files())


def words(process):
    with contextlib.suppress(psutil.Error):
        return process.cmdline() or [""]
    return [""]


@contextlib.contextmanager
def locked(course):
    """Hold the gradebook as a program does that writes to it for long."""
    connection = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


TWICE = (signal.SIGINT, signal.SIGINT)
MOMENTS = {
    "starts": ({}, "", Run.wait_for_ears, (signal.SIGINT,)),
    "imports": ({"PRELOAD": "keras tensorflow"}, RIGHT, lambda run: run.wait(warm), TWICE),
    "learns": ({}, TEACHES, lambda run: run.wait(lambda found: warm(found, 3)), (signal.SIGTERM,)),
    "is asked": ({}, WAITS, lambda run: run.wait(lambda found: warm(found, 3)) or time.sleep(2), TWICE),
    "is read": ({}, RIGHT, lambda run: run.wait(busy), (signal.SIGTERM, signal.SIGINT)),
}


def test_at_any_moment_and_the_same_command_does_the_rest(course, scratch):
    for moment, (variables, answer, until, numbers) in MOMENTS.items():
        attempt(course, answer, MANY if moment == "is read" else 0)
        run = Run(course, scratch, "autograde", **variables)
        until(run)
        run.interrupt(*numbers)
        assert not course.folder("autograded", "doble", "ana").exists(), moment
    attempt(course, RIGHT)
    with locked(course):  # SQLite waits for half a minute, and looks at no signal
        run = Run(course, scratch, "autograde")
        run.wait(at_the_gradebook)
        run.interrupt(*TWICE)
    assert "1 graded" in command("grader", "autograde", folder=course.root).stdout
    with course.gradebook() as gradebook:
        assert gradebook.find_submission("doble", "ana").score == 4


@pytest.mark.parametrize("arguments", [("report",), ("grades", "doble"), ("collect", "doble", "archive")])
def test_other_commands(course, scratch, arguments):
    """While they load what they need, or wait for the gradebook."""
    attempt(course, RIGHT)
    (course.root / "archive" / "ana").mkdir(parents=True, exist_ok=True)
    with locked(course):
        run = Run(course, scratch, *arguments)
        if arguments[0] == "collect":  # without it
            run.wait_for_ears()
        else:
            run.wait(at_the_gradebook)
        run.interrupt(*TWICE)
    assert not (course.root / "report.html").exists() and not (course.root / "moodle").exists()


def test_calibrate(course, scratch):
    runs = course.root / "out" / "runs.csv"
    arguments = ("calibrate", "doble", "--seeds", "3", "--workers", "1", "--output", "out")
    run = Run(course, scratch, *arguments)
    run.wait(lambda found: runs.exists() and len(runs.read_text().splitlines()) > 2)
    run.interrupt(signal.SIGINT)
    kept = runs.read_text().splitlines()[1:]
    assert kept and all("reference" in line for line in kept)  # of the other one each run takes ten minutes
    command("grader", *arguments, "--only", "reference", folder=course.root)
    assert set(kept) <= set(runs.read_text().splitlines())


CHILD = """
import os, signal, time
from grader import stopping

stopping.GRACE = {grace}
stopping._listen({folder!r})
try:
    with stopping.undivided(), stopping.undivided():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep({seconds})
        os.kill(os.getpid(), signal.SIGTERM)
        print("saved", flush=True)
    print("not stopped", flush=True)
except stopping.Stopped:
    print("after it", flush=True)
"""


@pytest.mark.parametrize(
    ("grace", "seconds", "said"), [(60, 0.5, "saved\nafter it\n"), (0.5, 60, f"{stopping.SAID}\n")]
)
def test_what_is_undivided_is_done_first_unless_it_takes_too_long(tmp_path, grace, seconds, said):
    (tmp_path / "gone").mkdir()
    code = CHILD.format(grace=grace, folder=str(tmp_path / "gone"), seconds=seconds)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert done.stdout == said and not re.search("Error|Traceback", done.stderr), done.stderr
    assert done.returncode == (0 if grace == 60 else 130)
    assert (tmp_path / "gone").exists() == (grace == 60)


def test_a_file_is_whole_or_as_it_was(tmp_path):
    path, link = tmp_path / "grades.csv", tmp_path / "link.csv"
    path.write_text("old")
    link.symlink_to(path)
    with pytest.raises(stopping.Stopped), whole(link) as part:
        part.write_text("ne")
        raise stopping.Stopped
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 2
    with whole(link) as part:
        part.write_text("new")
    assert path.read_text() == "new" and link.is_symlink()
    with whole("/dev/null") as part:
        part.write_text("new")
