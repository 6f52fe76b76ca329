"""The command `grader`: what an instructor runs beside nbgrader's own commands."""

import os
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, SAWarning

from .autograde import grade
from .choosing import printable
from .collecting import collect as take
from .course import Course, GradingError, database_sentence
from .crew import Crew
from .data import course_root
from .release import unreleased
from .sandbox import SandboxUnavailable, check_sandbox, ways
from .upload import Uploads

console = Console()
STYLES = {"graded": "green", "skipped": "dim", "outdated": "yellow", "stopped": "yellow", "unreadable": "red"}
STYLES |= {"failed": "bold red"}
LOCKED_SECONDS = 30  # to wait for a gradebook that another program has locked
CORES = os.cpu_count()
workers_option = click.option(
    "--workers",
    default=CORES + max(1, CORES // 2),  # a network that learns keeps its core busy for two thirds of the time
    show_default=True,
    help="Notebooks executed at the same time.",
)


@click.group()
def main():
    """Grade this course: run it inside the course folder."""
    prepare()


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@workers_option
@click.option("--student", "students", multiple=True, help="Only this student; can be repeated.")
@click.option("--force", "-f", is_flag=True, help="Grade again what is graded already.")
@click.option("--outdated", is_flag=True, help="Grade again what was graded with an older release or other tests.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code as you, unprotected.")
def autograde(assignments, workers, students, force, outdated, no_sandbox):
    """Grade all submissions, or those of the ASSIGNMENTs named. Exits with 1 if any could not be graded."""
    with saying_what_to_do():
        course = Course(course_root())
        pairs = course.submissions(assignments, students)
        if not no_sandbox:
            check_sandbox()
        say_what_is_unreleased(course, sorted({assignment for assignment, _ in pairs} & {*course.assignments()}))
        outcomes = run(course, pairs, workers, sandbox=not no_sandbox, force=force, outdated=outdated)
    summarise(outcomes)
    if gone := course.withdrawn(assignments, students):
        say(
            f"Graded before, and nothing in {course.coursedir.submitted_directory}/ any more: {', '.join(gone)}. Their "
            "grades stay; if they are to go, `nbgrader db student remove` or the formgrader does that."
        )
    closed = course.closed()
    for folder in closed:
        console.print(
            f"Not looked into, no permission: {printable(folder)}. Change it, then run this again.", markup=False
        )
    sys.exit(bool(closed) or any(outcome.state in ("unreadable", "failed") for outcome in outcomes))


@main.command()
def check():
    """Try the sandbox and say what it is made of on this machine. Exits with 1 if it does not work."""
    with saying_what_to_do("No grading"):
        check_sandbox()
    for sentence in ("The sandbox works.", *ways()):
        console.print(sentence, highlight=False, soft_wrap=True)


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@workers_option
@click.option("--seeds", default=10, show_default=True, help="Seeds per submission, from 1.")
@click.option("--kind", type=click.Choice(["right", "wrong"]), help="Only right or only wrong submissions.")
@click.option("--only", multiple=True, help="Only the submission of this name; can be repeated.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the results; default docs/calibration.")
def calibrate(assignments, workers, seeds, kind, only, output):
    """Grade the known-outcome submissions with many seeds and say how often the grader is wrong."""
    from .calibrate import Calibration  # with matplotlib, which grading does without

    with saying_what_to_do():
        check_sandbox()
        calibration = Calibration(Course(course_root()), output)
        known = calibration.submissions(assignments, kind, only)
        misjudged = runs = 0
        with workers_and_bar(workers, "calibrating", len(known) * seeds) as (executor, advance):
            for key, outcome in calibration.run(known, range(1, seeds + 1), executor):
                advance(f"{key.assignment}/{key.submission} seed {key.seed}", done=calibration.done)
                runs += 1
                for line in calibration.misjudged(key, outcome):
                    misjudged += 1
                    console.print(line, markup=False, highlight=False)
    console.print(f"{runs} new runs, {misjudged} cells misjudged; see {calibration.folder}", highlight=False)
    sys.exit(misjudged > 0)


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="report.html",
    show_default=True,
    help="File of the page.",
)
def report(assignments, output):
    """Write a page on the class, in all assignments or those named: grades, cells, messages, whom to look after."""
    from .report import write_report  # with pandas, which grading does without

    with saying_what_to_do("No report"), console.status("reading the graded notebooks"):
        write_report(Course(course_root()), output, assignments)
    say(f"Open {output} in a browser.")


@main.command()
@click.argument("assignment")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option("--drafts", is_flag=True, help="Also what students have not sent for grading yet.")
def collect(assignment, files, drafts):
    """Take the ASSIGNMENT's submissions from a platform's archive into submitted/.

    FILEs are what Moodle, Canvas or another platform gives: an archive, and its own CSV file with the students;
    without, what lies in downloaded/ASSIGNMENT/ counts. Exits with 1 if nothing was collected, with 3 if somebody or
    something was left out, which is named.
    """
    with saying_what_to_do("Not collected"):
        course = Course(course_root())
        if assignment not in course.assignments():
            known = ", ".join(course.assignments()) or "none"
            raise GradingError(f"{assignment} is no assignment of this course; there are: {known}.")
        report = take(course, assignment, files, drafts)
    say(*(f"Left out: {what}: {why}" for what, why in report.left_out.items()), *report.notes)
    say(
        f"{len(report.students)} students collected, from {report.platform}: `grader autograde {assignment}` grades "
        "them."
    )
    sys.exit(3 if report.left_out else 0)


@main.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; can be repeated.")
@click.option("--column", help="Heading of the platform's column, where it is not the assignment's name.")
def grades(assignment, students, column):
    """Write the ASSIGNMENT's grades into the platform's own file, to be uploaded there.

    Exits with 1 if there is nothing to upload, with 3 if somebody's grade was left out, who is named.
    """
    with saying_what_to_do("No grades"):
        course = Course(course_root())
        with course.gradebook() as gradebook:
            upload = Uploads(course, gradebook).grades(assignment, students, column)
    say(*upload.remarks)
    if upload.students:
        say(f"{len(upload.students)} grades in {upload.path}, for {upload.platform}: see docs/platforms.md.")
    else:
        say("There is nothing to upload: nobody gets another grade than they have there.")
    sys.exit(3 if upload.left_out else 0)


@main.group()
def moodle():
    """What only Moodle takes."""


@moodle.command()
@click.argument("assignment")
def feedback(assignment):
    """Write the archive of the ASSIGNMENT's feedback pages that Moodle takes at once.

    Exits with 1 if there are none, with 3 if somebody is without one, who is named.
    """
    with saying_what_to_do("No feedback"):
        course = Course(course_root())
        with course.gradebook() as gradebook:
            upload = Uploads(course, gradebook).feedback(assignment)
    say(*upload.remarks)
    say(f"{len(upload.students)} pages in {upload.path}: upload it in Moodle after the grades, see docs/moodle.md.")
    sys.exit(3 if upload.left_out else 0)


def say(*sentences):
    """Print sentences as they are, whatever names in them look like."""
    for sentence in sentences:
        console.print(printable(sentence), markup=False, highlight=False, soft_wrap=True)


def prepare():
    """Let nbgrader find its `alembic`, whether this environment has been activated or not, wait for a locked gradebook,
    and say nothing that is of no use; let every process import the installed grader."""
    event.listen(Engine, "connect", _be_patient)
    warnings.simplefilter("ignore", SAWarning)
    os.environ["PYTHONSAFEPATH"] = "1"  # a folder `grader` in the working folder is not the one that grades
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def _be_patient(connection, _):
    """Let a new connection to the gradebook wait while another program writes to it."""
    connection.execute(f"PRAGMA busy_timeout = {1000 * LOCKED_SECONDS}")


def run(course, pairs, workers, **options):
    """Grade `pairs` with this many worker processes under a progress bar; return the Outcomes."""
    outcomes = []
    with workers_and_bar(workers, "grading", len(pairs)) as (executor, advance):
        for outcome in grade(course, pairs, executor, crowd=workers + 2, **options):
            outcomes.append(outcome)
            advance(f"{outcome.student}/{outcome.assignment} {outcome.state}")
    return outcomes


@contextmanager
def workers_and_bar(workers, label, total):
    """Yield an executor of worker processes, and a function that moves a progress bar on with a new label."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Crew(workers) as executor, Progress(*columns, console=console) as progress:
        bar = progress.add_task(label, total=total)

        def advance(text, done=None):
            step = {"advance": 1} if done is None else {"completed": done}
            progress.update(bar, description=printable(text), **step)

        yield executor, advance


@contextmanager
def saying_what_to_do(label="Not graded"):
    """End the program with one sentence for what the instructor must mend, or after Ctrl-C."""
    try:
        yield
    except (FileNotFoundError, GradingError, SandboxUnavailable, OperationalError) as error:
        text = database_sentence(error) if isinstance(error, OperationalError) else error
        first, *rest = [printable(line) for line in str(text).split("\n")]
        console.print(f"[bold red]{label}:[/] {escape(first)}", highlight=False, soft_wrap=True)
        say(*rest)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("Stopped. What is done stays; the same command does the rest.")
        sys.exit(130)


def say_what_is_unreleased(course, assignments):
    """Print what has been changed in source/ and not released: it does not grade yet."""
    for assignment in assignments:
        if changes := unreleased(course, assignment):
            say(
                f"{assignment} is graded as it was released. Changed in source/ since then: {', '.join(changes)}. "
                f"`nbgrader generate_assignment --force {assignment}` releases that, or says what stands against it."
            )


def summarise(outcomes):
    """Print what became of each submission that needs a look, and the counts."""
    table = Table("student", "assignment", "state", "points", "late", "remark")
    for o in outcomes:
        if o.state not in ("graded", "skipped") or o.seconds_late > 0 or (o.detail and o.state == "graded"):
            late = f"{o.seconds_late / 3600:.1f} h" if o.seconds_late > 0 else ""
            points = "" if o.score is None else f"{o.score:g}/{o.max_score:g}"
            student, assignment, remark = (escape(printable(text)) for text in (o.student, o.assignment, o.detail))
            table.add_row(student, assignment, f"[{STYLES[o.state]}]{o.state}[/]", points, late, remark)
    if table.row_count:
        console.print(table)
    counts = {state: sum(o.state == state for o in outcomes) for state in STYLES}
    late = sum(o.seconds_late > 0 for o in outcomes)
    console.print(", ".join(f"{n} {state}" for state, n in counts.items() if n) + (f"; {late} late" if late else ""))
    again = sum(o.executions > 1 for o in outcomes)
    if again:
        say(f"{again} were executed once more, whole, because they had lost points with cells left out.")
    if counts["outdated"]:
        names = " ".join(sorted({o.assignment for o in outcomes if o.state == "outdated"}))
        say(
            f"{counts['outdated']} of {len(outcomes)} were graded with an older release of the assignment, with other "
            f"points, tests or data: `grader autograde --outdated {names}` grades these again."
        )
    if counts["failed"]:
        console.print("Details of the failures: .grading/nbgrader.log", highlight=False)
