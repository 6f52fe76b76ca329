"""A course in a temporary folder, and what tests do with it: hand in, grade, look at what came of it."""

import functools
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
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


@dataclass
class Graded:
    """A class that has been graded: its course, who handed in what, and what the grader printed."""

    course: Course
    students: dict[tuple[str, str], Submission]  # (assignment, student)
    printed: str
    holders: dict[tuple[str, str, str, int], str] = field(default_factory=dict)  # see student_of

    def student_of(self, submission, seed):
        """Return who handed in a known-outcome submission, maybe with others in the same notebook."""
        return self.holders[submission.assignment, submission.name, submission.rest, seed]

    def points(self, assignment, student):
        """Return {grade_id: points} from the gradebook."""
        with self.course.gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            assert not submission.needs_manual_grade
            return {grade.name: grade.score for n in submission.notebooks for grade in n.grades}

    def cells(self, assignment, student):
        """Return {grade_id: cell} of the graded notebook."""
        path = self.course.folder("autograded", assignment, student) / f"{assignment}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return {cell.metadata.nbgrader.grade_id: cell for cell in cells if cell.metadata.get("nbgrader")}

    def verdicts(self, assignment, student):
        """Return {grade_id: (error name, message)} of the graded cells that failed."""
        cells = {name: cell for name, cell in self.cells(assignment, student).items() if cell.metadata.nbgrader.grade}
        return {n: (o.ename, o.evalue) for n, c in cells.items() for o in c.outputs if o.output_type == "error"}

    def said(self, assignment, student):
        """Return the text of all outputs of the graded notebook, as one string."""
        path = self.course.folder("autograded", assignment, student) / f"{assignment}.ipynb"
        outputs = [o for cell in nbformat.read(path, as_version=4).cells for o in cell.get("outputs", [])]
        texts = [o.get("text") or o.get("evalue") or o.get("data", {}).get("text/plain") for o in outputs]
        return "\n".join(map(str, texts))

    def feedback(self, assignment, student):
        """Return the feedback page, HTML."""
        return (self.course.folder("feedback", assignment, student) / f"{assignment}.html").read_text("utf-8")


def cannot_test(lacks, what="THE HUB AND THE BROWSER ARE"):
    """Say what is not tested, and why: a failure on CI, elsewhere skipped tests."""
    said = f"{what} NOT TESTED. {' '.join(lacks)}"
    if os.environ.get("CI"):
        pytest.fail(said, pytrace=False)
    pytest.skip(said)
