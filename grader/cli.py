"""The command `grader`: what an instructor runs beside nbgrader's own commands."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from .autograde import Course, GradingError, grade
from .data import course_root
from .sandbox import SandboxUnavailable, check_sandbox

console = Console()
STYLES = {"graded": "green", "skipped": "dim", "stopped": "yellow", "unreadable": "red", "failed": "bold red"}


@click.group()
def main():
    """Grade this course: run it inside the course folder."""
    find_programs()


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@click.option("--workers", default=os.cpu_count(), show_default=True, help="Notebooks executed at the same time.")
@click.option("--student", "students", multiple=True, help="Only this student; can be repeated.")
@click.option("--force", "-f", is_flag=True, help="Grade again what is graded already.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code as you, unprotected.")
def autograde(assignments, workers, students, force, no_sandbox):
    """Grade all submissions, or those of the ASSIGNMENTs named. Exits with 1 if any could not be graded."""
    try:
        course = Course(course_root())
        pairs = course.submissions(assignments, students)
        if not no_sandbox:
            check_sandbox()
        outcomes = run(course, pairs, workers, sandbox=not no_sandbox, force=force)
    except (FileNotFoundError, GradingError, SandboxUnavailable) as error:
        console.print(f"[bold red]Not graded:[/] {error}", highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("Stopped. What is graded stays; the same command grades the rest.")
        sys.exit(130)
    summarise(outcomes)
    sys.exit(any(outcome.state in ("unreadable", "failed") for outcome in outcomes))


def find_programs():
    """Let nbgrader find its `alembic`, whether this environment has been activated or not."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def run(course, pairs, workers, **options):
    """Grade `pairs` with this many worker processes under a progress bar; return the Outcomes."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    outcomes = []
    # spawn: a worker must not inherit the gradebook's connection
    with (
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor,
        Progress(*columns, console=console) as progress,
    ):
        bar = progress.add_task("grading", total=len(pairs))
        try:
            for outcome in grade(course, pairs, executor, crowd=workers + 2, **options):
                outcomes.append(outcome)
                progress.update(bar, advance=1, description=f"{outcome.student}/{outcome.assignment} {outcome.state}")
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return outcomes


def summarise(outcomes):
    """Print what became of each submission that needs a look, and the counts."""
    table = Table("student", "assignment", "state", "points", "late", "remark")
    for o in outcomes:
        if o.state not in ("graded", "skipped") or o.seconds_late > 0:
            late = f"{o.seconds_late / 3600:.1f} h" if o.seconds_late > 0 else ""
            points = "" if o.score is None else f"{o.score:g}/{o.max_score:g}"
            table.add_row(o.student, o.assignment, f"[{STYLES[o.state]}]{o.state}[/]", points, late, o.detail)
    if table.row_count:
        console.print(table)
    counts = {state: sum(o.state == state for o in outcomes) for state in STYLES}
    late = sum(o.seconds_late > 0 for o in outcomes)
    console.print(", ".join(f"{n} {state}" for state, n in counts.items() if n) + (f"; {late} late" if late else ""))
    if counts["failed"]:
        console.print("Details of the failures: .grading/nbgrader.log", highlight=False)
