"""A course in a temporary folder, and what tests do with it: hand in, grade, look at what came of it."""

import functools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
import pytest

from grader.calibration.known import Submission, brief, build, find, read, reference
from grader.course import Course
from grader.data import course_root
from grader.ground.targets import filled

from .warm import PROGRAMS, Warm

ROOT = course_root(__file__)
BIN = Path(sys.executable).parent  # not resolved: the environment's own programs
ASSIGNMENTS = sorted(path.name for path in (ROOT / "source" / "es").iterdir() if path.is_dir())
FIXED_SEED = 1958
SUBMISSIONS = ROOT / "outcomes" / "es"
ATTACKS = ROOT / "tests" / "attacks"
ALL_EXECUTED = "everything = globals"  # code that could take any name: no cell is left out, and all is executed once
QUICK = {"regression": {"multiply": read(SUBMISSIONS / "regression" / "right_residual_float32.py").cells["multiply"]}}
"""Per assignment, right answers that learn in a second, for wrong submissions whose mistake is elsewhere."""
LIGHT = "\nc.CourseExecute.preload = []\n"  # of a course whose notebooks need no Keras
DRAW = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID") or random.SystemRandom().random())
"""Draws anew in each run, and the same in all of its processes, which have to collect the same tests."""
DRAWN_SEEDS = DRAW.sample(range(10**6), 1)  # anew in each run; a failure names the seed


def fuzz_seeds(*kept, count=1):
    """Return the kept seeds of a fuzzer and new ones, `count` of them, or as many as the variable FUZZ says."""
    return [*kept, *DRAW.sample(range(10**6), int(os.environ.get("FUZZ", count)))]


@functools.cache
def drawn(assignment, count=1):
    """Return some known-outcome submissions of an assignment, drawn anew in each run."""
    return DRAW.sample(find(SUBMISSIONS, assignment), count)


@functools.cache
def warm():
    """Return the process that runs `grader` and `nbgrader` without importing them anew each time."""
    return Warm(sys.executable)


def command(*arguments, folder, timeout=1800, expected=0, **variables):
    """Run a program of the environment in `folder`, assert its exit status, return the completed process.

    variables: additional ones of its environment.
    """
    words = list(map(str, arguments))
    env = {**os.environ, "COLUMNS": "200", "PATH": f"{BIN}:{os.environ['PATH']}", **variables}
    if words[0] in PROGRAMS:
        done = warm().run(words, folder, env, timeout)
    else:
        program = [str(BIN / words[0]), *words[1:]]
        done = subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=timeout, env=env)
    assert expected is None or done.returncode == expected, done.stdout[-3000:] + done.stderr[-3000:]
    return done


def notebook(kind, assignment):
    """Return the "source" or "release" notebook of an assignment, with its targets filled in."""
    return filled(nbformat.read(ROOT / kind / "es" / assignment / f"{assignment}.ipynb", as_version=4))


@functools.cache
def full_points(assignment):
    """Return {grade_id: points} of all graded cells of an assignment."""
    return reference(assignment).expected(notebook("source", assignment))


def solved(assignment, cells=None, *, first="", last=""):
    """Return the solved notebook in brief (see grader.calibration.known.brief).

    cells: {grade_id: source} of solution cells to replace; first, last: code that stands before and after all else.
    """
    submission = Submission(assignment, "solved", "right", "", "solved", {}, {}, cells or {})
    nb = brief(build(submission, notebook("source", assignment), notebook("release", assignment)))
    nb.cells = [nbformat.v4.new_code_cell(first), *nb.cells, nbformat.v4.new_code_cell(last)]
    return nb


def attacks(group, assignment):
    """Return {student: Submission} of tests/attacks/<group>/<assignment>/; students have spaces for the files' `_`.

    looks     what it could read, write or reach; it prints what came of that, and test_attacks.py says what may
    forge     points that are not earned; right: odd, but they are; tampered: beside metadata that is changed, too
    stops     ends at a limit: one message, the same for all that follows
    goes_on   one cell alone fails, with a message
    reports   what would run or mislead on a page of feedback
    robust    what an honest notebook may do
    alone     handed in by name, in the module that says what must come of it

    A folder that no module asks for fails test_attacks.py. The files are known outcomes (docs/notebooks.md) with cells
    `first` and `last` that stand before and after all else, and empty cells that stand for those of their name in
    preludes.py. In their heads `all` is every graded cell, of messages every one that earns less than full points; a
    message for `page` may be anywhere on the feedback page.
    """
    full, found = full_points(assignment), {}
    for one in find(ATTACKS / group, assignment):
        points = _of_all(one.points, full)
        messages = _of_all(one.messages, [name for name in points if points[name] < full[name]])
        unknown = [name for name, source in one.cells.items() if not source and name not in preludes()]
        assert not unknown, f"{one.name}: no cell {unknown} in preludes.py, and an empty cell stands for one of these."
        cells = {name: source or preludes()[name] for name, source in one.cells.items()}
        found[one.name.replace("_", " ")] = replace(one, points=points, messages=messages, cells=cells)
    assert found, f"There are no attacks in {group}/{assignment}."
    return found


def _of_all(facts, names):
    own = {name: fact for name, fact in facts.items() if name != "all"}
    return {**dict.fromkeys(names, facts["all"]), **own} if "all" in facts else own


@functools.cache
def preludes():
    """Return {name: source} of the cells that several attacks have before their own."""
    return read(ATTACKS / "preludes.py").cells


def handed(attack, **places):
    """Return the notebook of an attack, solved but for its cells, in brief. places: {NAME: path} that it may use."""
    cells = dict(attack.cells)
    last = cells.pop("last", "")
    given = [f"{name} = {str(path)!r}" for name, path in places.items()]
    before = [cells.pop(name) for name in attack.cells if name in ("first", *preludes())]
    return solved(attack.assignment, cells, first="\n".join([*given, *before]), last=last)


def position(nb, grade_id):
    """Return the place of a cell in a notebook."""
    return next(n for n, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def cell(make, source, grade_id, **marks):
    """Return a cell with nbgrader's metadata. make: new_code_cell or new_markdown_cell; marks: but for the usual."""
    facts = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return make(source, metadata={"nbgrader": {**facts, "grade_id": grade_id, **marks}})


def new_course(folder, assignments=ASSIGNMENTS, config=""):
    """Lay out the course in `folder`, the assignments released by nbgrader, and return it.

    config: lines to append to its nbgrader_config.py.
    """
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8") + config, "utf-8")
    for part in ("source", "data"):
        shutil.copytree(ROOT / part, folder / part)
    for assignment in assignments:
        command("nbgrader", "generate_assignment", assignment, folder=folder)
    return Course(folder)


def hand_in(course, student, assignment, notebook):
    """Hand in a notebook (a node, or text that may be no notebook at all) and return its path."""
    path = course.folder("submitted", assignment, student) / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook), "utf-8")
    return path


def grade(course, *arguments, students=None, feedback="", expected=0, **variables):
    """Run `grader autograde` and return what came of it. feedback: an assignment whose feedback is made, too."""
    started = time.monotonic()
    done = command("grader", "autograde", *arguments, folder=course.root, expected=None, **variables)
    log = course.root / ".grading" / "nbgrader.log"
    said = done.stdout[-3000:] + done.stderr[-3000:]
    assert done.returncode == expected, said + (log.read_text("utf-8")[-5000:] if log.exists() else "")
    graded = time.monotonic()
    if feedback:
        command("nbgrader", "generate_feedback", feedback, folder=course.root)
    seconds, feedback_seconds = graded - started, time.monotonic() - graded
    return Graded(course, students or {}, done.stdout, seconds=seconds, feedback_seconds=feedback_seconds)


@dataclass
class Graded:
    """A class that has been graded: its course, who handed in what, what the grader printed, and how long it took."""

    course: Course
    students: dict[tuple[str, str], Submission] = field(default_factory=dict)  # (assignment, student)
    printed: str = ""
    holders: dict[tuple[str, str, str, int], str] = field(default_factory=dict)  # see student_of
    seconds: float = 0
    feedback_seconds: float = 0

    def student_of(self, submission, seed):
        """Return who handed in a known-outcome submission, maybe with others in the same notebook."""
        return self.holders[submission.assignment, submission.name, submission.rest, seed]

    def points(self, assignment, student):
        """Return {grade_id: points} from the gradebook."""
        with self.course.gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            assert not submission.needs_manual_grade
            return {grade.name: grade.score for n in submission.notebooks for grade in n.grades}

    def notebook(self, assignment, student):
        """Return the graded notebook."""
        path = self.course.folder("autograded", assignment, student) / f"{assignment}.ipynb"
        return nbformat.read(path, as_version=4)

    def cells(self, assignment, student):
        """Return {grade_id: cell} of the graded notebook."""
        cells = self.notebook(assignment, student).cells
        return {cell.metadata.nbgrader.grade_id: cell for cell in cells if cell.metadata.get("nbgrader")}

    def verdicts(self, assignment, student):
        """Return {grade_id: (error name, message)} of the graded cells that failed."""
        cells = {name: cell for name, cell in self.cells(assignment, student).items() if cell.metadata.nbgrader.grade}
        return {n: (o.ename, o.evalue) for n, c in cells.items() for o in c.outputs if o.output_type == "error"}

    def said(self, assignment, student):
        """Return the text of all outputs of the graded notebook, as one string."""
        outputs = [o for cell in self.notebook(assignment, student).cells for o in cell.get("outputs", [])]
        texts = [o.get("text") or o.get("evalue") or o.get("data", {}).get("text/plain") for o in outputs]
        return "\n".join(map(str, texts))

    def found(self, assignment, student):
        """Return what `look` of attacks/preludes.py has printed: {name: value or the error's class}."""
        said = self.said(assignment, student)
        lines = [line.removeprefix("FOUND ") for line in said.split("\n") if line.startswith("FOUND ")]
        assert lines, said
        return {name: value for line in lines for name, value in json.loads(line).items()}

    def feedback(self, assignment, student):
        """Return the feedback page, HTML."""
        return (self.course.folder("feedback", assignment, student) / f"{assignment}.html").read_text("utf-8")

    def check(self, assignment, student):
        """Assert that a student has got the points and messages that the Submission states, without one all points."""
        stated = self.students.get((assignment, student), reference(assignment))
        points, said = self.points(assignment, student), self.verdicts(assignment, student)
        assert points == {**full_points(assignment), **stated.points}, f"{student}: {points}, {said}"
        for name, text in stated.messages.items():
            told = self.feedback(assignment, student) if name == "page" else said.get(name, ("", ""))[1]
            assert text in told, f"{student}: {text!r} is not said of {name}: {said}"


def free_ports(count):
    """Return ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def wait_for_answer(url, process, log, seconds=90):
    """Wait until `url` answers; fail with the end of the log when the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"There was no answer at {url} within {seconds} s:\n{log.read_text()[-3000:]}")


def cannot_test(lacks, what="THE HUB AND THE BROWSER ARE"):
    """Say what is not tested, and why: a failure on CI, elsewhere skipped tests."""
    said = f"{what} NOT TESTED. {' '.join(lacks)}"
    if os.environ.get("CI"):
        pytest.fail(said, pytrace=False)
    pytest.skip(said)
