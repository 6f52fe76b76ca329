"""The grader killed, run in other ways, or without its sandbox: the same grades, or one clear sentence."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest

from grader.course import Course
from grader.execute import CourseExecute
from grader.kernel.provisioner import SandboxProvisioner
from grader.notebooks.versions import NO_KERNEL

from .course import BIN, Graded, attacks, command, full_points, grade, hand_in, handed, new_course, solved

ASSIGNMENT = "neuron"
FULL = full_points(ASSIGNMENT)
WRONG = "def heaviside(n):\n    return n"
STUDENTS = {"ana": {}, "bea": {"heaviside": WRONG}, "carlos": {"perceptron": "perceptron = 1"}, "dora": {}, "eva": {}}
OUTLOOK, ALONE = attacks("robust", ASSIGNMENT)["outlook"], attacks("alone", ASSIGNMENT)


def grades(course):
    """Return {(student, grade_id): points} of the gradebook, and the notebooks that are graded."""
    with course.gradebook() as gradebook:
        points = {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
    return points, sorted(str(p.relative_to(course.root)) for p in course.root.glob("autograded/*/*/*.ipynb"))


def small_class(folder):
    course = new_course(folder, [ASSIGNMENT])
    for student, cells in STUDENTS.items():
        nb = handed(replace(OUTLOOK, cells={**OUTLOOK.cells, **cells}), ROOT=folder)
        path = hand_in(course, student, ASSIGNMENT, nb)
        (path.parent / "mío.txt").write_text(f"de {student}", "utf-8")
    return course


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A small class, graded without a disturbance."""
    return grade(small_class(tmp_path_factory.mktemp("calm")))


def confined(came):
    inside = came["network"].endswith("Error") and not came["course"]
    return inside and came["pid"] < 30 and came["place"].startswith("/scratch")


def test_undisturbed(undisturbed):
    points, notebooks = grades(undisturbed.course)
    assert len(notebooks) == len(STUDENTS)
    assert points["ana", "heaviside-test"] == FULL["heaviside-test"] and points["bea", "heaviside-test"] == 0
    assert confined(undisturbed.found(ASSIGNMENT, "ana"))


@pytest.mark.parametrize("student", STUDENTS)
def test_everyone_finds_the_own_files_however_late_in_the_class(undisturbed, student):
    assert f"de {student}" in undisturbed.said(ASSIGNMENT, student)


def test_killed_at_any_moment_a_re_run_finishes_the_rest(undisturbed, tmp_path):
    course = small_class(tmp_path)
    scratch = Path(tempfile.mkdtemp(dir="/tmp"))  # a short name: sockets are in it
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
    for n in range(3):
        with (scratch / f"log{n}").open("wb") as log:
            process = subprocess.Popen(
                [str(BIN / "grader"), "autograde"], cwd=course.root, stdout=log, stderr=log, env=environment,
                start_new_session=True,
            )  # fmt: skip
        try:
            process.wait(rng.uniform(0.1, 1.1) * undisturbed.seconds)
        except subprocess.TimeoutExpired:
            workers = psutil.Process(process.pid).children(recursive=True)
            (os.kill, os.killpg)[n % 2](process.pid, signal.SIGKILL)  # by itself: its workers have to notice
            process.wait()
        else:
            workers = []
        group = [p for p in psutil.process_iter(["cmdline"]) if str(scratch) in str(p.info["cmdline"])] + workers
        assert psutil.wait_procs(group, timeout=15)[1] == [], "processes of a killed grader go on"
    command("grader", "autograde", folder=course.root)
    assert grades(course) == grades(undisturbed.course), f"seed {seed}"
    assert not list((course.root / ".grading" / "autograded").glob("*/*"))
    shutil.rmtree(scratch)


def test_graded_alone_or_in_a_crowd_the_same(undisturbed):
    """Ten times alone (each in a slot just used by others) against once in the class."""
    course = undisturbed.course
    before = grades(course)
    nb = undisturbed.notebook(ASSIGNMENT, "bea")
    for _ in range(10):
        executed, _ = CourseExecute(files={"mío.txt": b""}).preprocess(nbformat.from_dict(nb), {"metadata": {}})
        failed = {
            cell.metadata.nbgrader.grade_id: "".join(o.get("evalue", "") for o in cell.outputs)
            for cell in executed.cells
            if cell.metadata.get("nbgrader", {}).get("grade") and cell.outputs
        }
        assert failed == {name: text for name, (_, text) in undisturbed.verdicts(ASSIGNMENT, "bea").items()}
    command("grader", "autograde", "--force", "--student", "bea", folder=course.root)
    assert grades(course) == before


def cells(*sources):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    executed, _ = CourseExecute(files={"dato.txt": b"1"}).preprocess(nb, {"metadata": {}})
    return "".join(o.get("text", "") + o.get("evalue", "") for cell in executed.cells for o in cell.outputs)


def test_forty_notebooks_in_one_slot_do_not_see_each_other():
    poison, look = (ALONE[name].cells["first"] for name in ("poison", "traces"))
    clean = "[] False False False False False False 1.5 float32 True ['dato.txt']\n"
    for _ in range(20):
        assert cells(poison) == "puesto\n"
        assert cells(look) == clean


@pytest.fixture
def fresh(tmp_path):
    """A course where one student has handed in."""
    course = new_course(tmp_path, [ASSIGNMENT])
    hand_in(course, "ana", ASSIGNMENT, handed(OUTLOOK, ROOT=tmp_path))
    return course


def check_graded(course):
    points, _ = grades(course)
    assert points == {("ana", name): full for name, full in FULL.items()}


def test_plain_nbgrader_autograde_uses_the_sandbox(fresh):
    command("nbgrader", "autograde", ASSIGNMENT, folder=fresh.root)
    check_graded(fresh)
    came = Graded(fresh).found(ASSIGNMENT, "ana")
    assert confined(came) and not came["graded"]


LOAD = 'PyFileConfigLoader("nbgrader_config.py", path=str(Path.cwd())).load_config()'
API = f"""
import sys
from pathlib import Path
from traitlets.config import Config, PyFileConfigLoader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

config = {LOAD}
result = NbGraderAPI(CourseDirectory(config=config), config=config).autograde("neuron", "ana", force=True)
print(result)
sys.exit(not result["success"])
"""


def test_the_button_of_the_formgrader_uses_the_sandbox(fresh):
    """As in the formgrader's server: in the process, once more with force, as pressing the button again does."""
    for _ in range(2):
        command("python", "-c", API, folder=fresh.root)
    check_graded(fresh)
    assert confined(Graded(fresh).found(ASSIGNMENT, "ana"))


def test_without_bubblewrap_it_refuses_and_says_what_to_do(fresh):
    """And with --no-sandbox it grades, unprotected."""
    nowhere = fresh.root / "bin"
    nowhere.mkdir()
    line = [str(BIN / "grader"), "autograde"]
    environment = {**os.environ, "PATH": str(nowhere), "COLUMNS": "300"}
    done = subprocess.run(line, cwd=fresh.root, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and done.stderr == ""
    [sentence] = done.stdout.strip().split("\n")
    assert "bubblewrap" in sentence and "--no-sandbox" in sentence
    assert grades(fresh) == ({}, [])
    line.append("--no-sandbox")
    done = subprocess.run(line, cwd=fresh.root, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    check_graded(fresh)
    assert Graded(fresh).found(ASSIGNMENT, "ana")["course"]  # nothing is hidden from it: that is what the option says


def test_an_error_in_the_configuration_lets_nobody_out_of_the_sandbox(fresh):
    """nbgrader goes on without a configuration that it cannot read, with an ordinary kernel: there must be none."""
    ran = fresh.root / "ran"
    hand_in(fresh, "ana", ASSIGNMENT, solved(ASSIGNMENT, first=f"open({str(ran)!r}, 'w')"))
    config = fresh.root / "nbgrader_config.py"
    good = config.read_text("utf-8")
    bad = {"raises": good + "\n1 / 0\n", "empty": ""}
    for kind, text in bad.items():
        config.write_text(text, "utf-8")
        command("nbgrader", "autograde", ASSIGNMENT, folder=fresh.root, expected=1)
        command("python", "-c", API.replace(LOAD, "Config()"), folder=fresh.root, expected=1)
        done = command("grader", "autograde", folder=fresh.root, expected=1, COLUMNS="400")
        assert "nbgrader_config.py" in done.stdout and "Traceback" not in done.stdout + done.stderr, kind
        assert not ran.exists(), kind
        assert grades(fresh)[1] == [], kind
    config.write_text(good, "utf-8")
    command("grader", "autograde", folder=fresh.root)
    check_graded(fresh)
    assert not ran.exists()


def test_an_older_gradebook_is_locked_by_the_first_grading(fresh):
    python = json.dumps({"name": "python3", "display_name": "Python 3", "language": "python"})
    with fresh.gradebook() as gradebook:
        gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT).kernelspec = python
        gradebook.db.commit()
    command("grader", "autograde", folder=fresh.root)
    check_graded(fresh)
    with fresh.gradebook() as gradebook:
        assert json.loads(gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT).kernelspec)["name"] == NO_KERNEL


def test_only_the_installed_grader_grades(fresh):
    """Whatever lies in the working folder, as a checkout of another version does on a hub."""
    for name in ("grader", "numpy", "nbformat"):
        (fresh.root / name).mkdir()
        (fresh.root / name / "__init__.py").write_text("raise SystemExit('of the working folder')")
    command("grader", "autograde", folder=fresh.root)
    check_graded(fresh)
    command("grader", "report", folder=fresh.root)


def test_outside_of_a_course_nothing_is_graded(tmp_path):
    for verb in ("autograde", "report", "calibrate"):
        done = command("grader", verb, folder=tmp_path, expected=1, COLUMNS="400")
        assert "run this inside the course folder" in done.stdout and "Traceback" not in done.stdout + done.stderr


def autograding(course):
    """Return the running `grader autograde`, its output in one pipe."""
    line = [str(BIN / "grader"), "autograde", "--workers", "2"]
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "400"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(line, cwd=course.root, text=True, env=environment, **pipes)


def victim(process, kind):
    """Return a process of a grader at work: a worker, the server that forks workers, or one that forks kernels."""
    children = psutil.Process(process.pid).children(recursive=True)
    if kind == "warm":
        return next(
            (p for p in children if "grader.kernel.warm" in " ".join(p.cmdline()) and p.name() == "bwrap"), None
        )
    servers = [p for p in children if "forkserver" in " ".join(p.cmdline())]
    if kind == "server":
        return servers[0]
    return next((p for p in servers if any("grader.kernel.warm" in " ".join(c.cmdline()) for c in p.children())), None)


@pytest.mark.parametrize("kind", ["worker", "server", "warm"])
def test_whatever_dies_the_class_is_graded(undisturbed, tmp_path, kind):
    """As Linux kills processes where memory is short."""
    course = small_class(tmp_path)
    with autograding(course) as done:
        killed, ends = None, time.monotonic() + 300
        while killed is None and done.poll() is None and time.monotonic() < ends:
            time.sleep(0.1)
            if list(course.root.glob("autograded/*/*")):
                with contextlib.suppress(psutil.Error):
                    killed = victim(done, kind)
        assert killed, "nothing to kill was found"
        killed.kill()
        said = done.communicate(timeout=900)[0]
    assert done.returncode == 0 and "Traceback" not in said, said
    assert grades(course) == grades(undisturbed.course)


@pytest.mark.parametrize("first", [True, False])
def test_a_kernel_that_is_killed_while_it_starts_is_started_again(monkeypatch, first):
    """first: whether it dies before it has answered at all, or before its first cell."""
    launch, started = SandboxProvisioner.launch_kernel, []
    wait_for_reply = CourseExecute.wait_for_reply

    def kill(kernel):
        if not started:
            started.append(kernel)
            kernel.slot.process.kill()
            kernel.ended.wait(30)

    async def launch_kernel(self, *args, **kwargs):
        info = await launch(self, *args, **kwargs)
        if first:
            kill(self.kernel)
        return info

    def kill_and_wait(self, *args, **kwargs):
        kill(self.km.provisioner.kernel)
        return wait_for_reply(self, *args, **kwargs)

    monkeypatch.setattr(SandboxProvisioner, "launch_kernel", launch_kernel)
    monkeypatch.setattr(CourseExecute, "wait_for_reply", kill_and_wait)
    assert cells("print('hola')") == "hola\n" and started


def test_a_gradebook_that_is_locked_for_a_while_is_waited_for(fresh):
    database = sqlite3.connect(fresh.root / "gradebook.db", timeout=60)
    database.execute("BEGIN EXCLUSIVE")  # as a viewer does that has a change to save
    with autograding(fresh) as done:
        time.sleep(15)
        database.rollback()
        said = done.communicate(timeout=600)[0]
    assert done.returncode == 0 and "Traceback" not in said, said
    check_graded(fresh)
    database.close()


def test_the_configuration_is_found_by_nbgrader(fresh):
    config = Course(fresh.root).config
    assert config.Autograde.autograde_preprocessors[0] == "grader.execute.CourseExecute"
    assert config.ExportApp.plugin_class == "grader.export.QuotedCsvExport"
