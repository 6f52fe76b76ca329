"""The main job on a small class: release, hand in, grade, feedback, grades, report, all below demo/."""

import copy
import itertools
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from .autograde import Outcome
from .calibration.known import Submission, build, find, reference
from .cli import run
from .course import Course, Key
from .data import course_root
from .ground.environment import prepare
from .kernel.bubblewrap import SandboxUnavailable, check_sandbox
from .office.release import release
from .pages.report import write_report
from .telling import STYLES, made_known, say, summarise

console = Console()
DAMAGE = ("truncated", "missing", "renamed", "cut", "copied")


def main() -> bool:
    """Make demo/ anew and print a table of students × assignments. Returns an exit status."""
    prepare()
    root = course_root()
    demo = root / "demo"
    shutil.rmtree(demo, ignore_errors=True)
    demo.mkdir(mode=0o700)  # solutions and hidden data are copied into it
    shutil.copy(root / "nbgrader_config.py", demo)
    for folder in ("source", "data"):
        shutil.copytree(root / folder, demo / folder)
    course = Course(demo)
    assignments = course.assignments()

    for assignment in assignments:
        say(*made_known(release(course, assignment)))
    expected: dict[Key, float] = {}
    for assignment, way in zip(assignments, itertools.cycle(DAMAGE), strict=False):
        expected |= hand_in(course, assignment, find(Course(root).outcomes, assignment), way)
    pairs = course.submissions()
    console.print(f"grade {len(pairs)} submissions, as `grader autograde` does")
    outcomes = run(course, pairs, workers=2, sandbox=sandboxed())
    summarise(outcomes)
    for assignment in assignments:
        nbgrader(f"feedback {assignment}", demo, "generate_feedback", assignment)
    nbgrader("grades.csv", demo, "export", "--to", "grades.csv")
    write_report(course, demo / "report.html")
    console.print("report.html")
    console.print(grades(outcomes, assignments))
    console.print(
        "Look next at\n"
        "  demo/report.html                      the class: what to decide, grades, errors, whom to look after\n"
        "  demo/feedback/diego/wine/wine.html    the feedback of a student who got something wrong\n"
        "  demo/feedback/felix/...               files that could not be read, or were damaged\n"
        "  demo/grades.csv                       all grades\n"
        "  make lab                              the students' notebooks, in JupyterLab\n"
        "  cd demo && ../.venv/bin/jupyter lab   nbgrader's formgrader on this class (menu Nbgrader)",
        highlight=False,
    )
    scores = {Key(outcome.assignment, outcome.student): outcome.score for outcome in outcomes}
    others = {key: points for key, points in expected.items() if scores.get(key) != points}
    for (assignment, student), points in others.items():
        console.print(f"[red]{student}, {assignment}: {points:g} points were expected.[/]")
    return bool(others) or any(outcome.state == "failed" for outcome in outcomes)


def nbgrader(label: str, folder: Path, *arguments: str) -> None:
    """Run one nbgrader command in `folder`; print its label, or all it said if it fails."""
    with console.status(label):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        console.print(done.stderr, markup=False)
        sys.exit(f"nbgrader {' '.join(arguments)} failed in {folder}")
    console.print(label)


def sandboxed() -> bool:
    """Tell whether the sandbox is there; the demo's own submissions are harmless and can do without."""
    try:
        check_sandbox()
    except SandboxUnavailable as error:
        console.print(f"[yellow]No sandbox for this demo; real submissions need it.[/] {error}")
        return False
    return True


def hand_in(course: Course, assignment: str, known: Sequence[Submission], way: str) -> dict[Key, float]:
    """Hand in `assignment` for six students; `known`: its Submissions. The last one's file is damaged in some `way`.

    Returns the points that the others deserve.
    """
    source = course.source(assignment)
    release = nbformat.read(course.folder("release", assignment) / f"{assignment}.ipynb", 4)
    solution = reference(assignment)
    first = {submission.kind: submission for submission in reversed(known)}
    untouched = reference(assignment, "untouched")
    students = {
        "ada": solution,
        "bruno": first.get("right", solution),
        "carla": first.get("partial", untouched),
        "diego": first.get("wrong", untouched),
        "eva": untouched,
    }
    if lacking := [name for name in students if students[name] == untouched and name != "eva"]:
        console.print(f"[yellow]{' and '.join(lacking)} hand in {assignment} untouched: no known outcomes.[/]")
    notebooks = {student: build(submission, source, release) for student, submission in students.items()}
    for student, notebook in notebooks.items():
        path = course.folder("submitted", assignment, student) / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    damage(way, assignment, notebooks["ada"], course.folder("submitted", assignment, "felix"))
    return {Key(assignment, who): sum(submission.expected(source).values()) for who, submission in students.items()}


def damage(way: str, assignment: str, notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Write a right notebook to `folder`, damaged in one of the ways of DAMAGE."""
    folder.mkdir(parents=True)
    text = nbformat.writes(notebook)
    if way == "truncated":
        text = text[: len(text) // 2]
    elif way in ("cut", "copied"):
        notebook = copy.deepcopy(notebook)
        tests = [n for n, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade")]
        if way == "cut":
            del notebook.cells[tests[0]]
        else:
            notebook.cells.insert(tests[0], nbformat.v4.new_code_cell(**notebook.cells[tests[0]]))
        text = nbformat.writes(notebook)
    if way == "missing":
        (folder / "notas.txt").write_text("Lo subo mañana.\n", "utf-8")
    else:
        (folder / ("Sin título.ipynb" if way == "renamed" else f"{assignment}.ipynb")).write_text(text, "utf-8")


def grades(outcomes: Collection[Outcome], assignments: Sequence[str]) -> Table:
    """Return a table of students × assignments with points and state."""
    table = Table("student", *assignments, title="Points of 10")
    cells = {(o.student, o.assignment): o for o in outcomes}
    for student in sorted({o.student for o in outcomes}):
        row = [cells.get((student, assignment)) for assignment in assignments]
        table.add_row(student, *(f"[{STYLES[o.state]}]{o.score or 0:g} {o.state}[/]" if o else "-" for o in row))
    return table


if __name__ == "__main__":
    sys.exit(main())
