"""The command `grader`: what an instructor runs beside nbgrader's own commands."""

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

from . import lighter  # noqa: F401 - before what it makes lighter

# isort: split
import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DBAPIError

from .archive import archive as archive_class
from .autograde import Outcome, grade
from .course import Course, GradingError, Key, sentence
from .crew import Crew
from .data import course_root
from .ground import database
from .ground.environment import prepare
from .ground.text import printable
from .kernel.bubblewrap import SandboxUnavailable, check_sandbox, ways
from .lms.collecting import collect as take
from .lms.upload import Uploads
from .office.common import setup_file, write_setup
from .office.consistency import gradable, misfits, names, newcomers
from .office.extensions import FILE as EXTENSIONS
from .office.extensions import extend as set_extension
from .office.late import refresh
from .office.release import release as make_release
from .roster import drop as drop_student
from .roster import enter_roster, write_roster
from .telling import console, made_known, say, say_what_is_unreleased, summarise, waiting
from .worker import Task

CORES = os.cpu_count() or 1
workers_option = click.option(
    "--workers",
    default=CORES + max(1, CORES // 2),  # a network that learns keeps its core busy for two thirds of the time
    show_default=True,
    help="Notebooks executed at the same time.",
)


class Options(TypedDict, total=False):
    """How to grade, as `grade` takes it."""

    sandbox: bool
    force: bool
    outdated: bool
    scope: tuple[Collection[str], Collection[str]]


class Advance(Protocol):
    """Moves a progress bar on with a new label, by one or to what is `done`."""

    def __call__(self, text: str, done: int | None = None) -> None: ...


@click.group()
@click.version_option(package_name="ann-course-grader", prog_name="grader")
def main() -> None:
    """Grade this course: run it inside the course folder."""
    prepare()


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@workers_option
@click.option("--student", "students", multiple=True, help="Only this student; can be repeated.")
@click.option("--force", "-f", is_flag=True, help="Grade again what is graded already.")
@click.option("--outdated", is_flag=True, help="Grade again what was graded with an older release or other tests.")
@click.option("--no-sandbox", is_flag=True, help="Run students' code as you, unprotected.")
def autograde(
    assignments: tuple[str, ...], workers: int, students: tuple[str, ...], force: bool, outdated: bool, no_sandbox: bool
) -> None:
    """Grade all submissions, or those of the ASSIGNMENTs named. Exits with 1 if any could not be graded."""
    with saying_what_to_do():
        course = Course(course_root())
        wanted = course.submissions(assignments, students)
        if not no_sandbox:
            check_sandbox()
        say(*misfits(course))
        if new := newcomers(course, wanted):
            say(f"In no roster, and entered as they are called in submitted/: {names(new)}.")
        pairs, hindrances = gradable(course, wanted)
        say(*hindrances)
        say_what_is_unreleased(course, sorted({assignment for assignment, _ in pairs}))
        refresh(course)
        options: Options = {
            "sandbox": not no_sandbox,
            "force": force,
            "outdated": outdated,
            "scope": (assignments, students),
        }
        outcomes = run(course, pairs, workers, **options) if pairs else []
    summarise(outcomes)
    waiting(course, pairs)
    if gone := course.withdrawn(assignments, students):
        say(
            f"Graded before, and nothing in {course.coursedir.submitted_directory}/ any more: {', '.join(gone)}. Their "
            f"grades stay; whoever has left the course goes with `grader drop {gone[0].split('/')[0]}`."
        )
    closed = course.closed()
    for folder in closed:
        console.print(
            f"Not looked into, no permission: {printable(folder)}. Change it, then run this again.", markup=False
        )
    failed = any(outcome.state in ("unreadable", "failed") or outcome.broken for outcome in outcomes)
    sys.exit(bool(closed or hindrances or failed))


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@click.option("--migrate", is_flag=True, help="Let cells come and go although there are grades; those of others stay.")
def release(assignments: tuple[str, ...], migrate: bool) -> None:
    """Make the students' notebooks from source/, of all that are taught or of the ASSIGNMENTs named, and the index.

    Exits with 1 if one cannot be released, which then is as it was.
    """
    with saying_what_to_do("Not released"):
        course = Course(course_root())
        names = assignments or course.taught()
        if not names:
            raise GradingError(f"There is no assignment in {course.folder('source', '.')}.")
        failed = False
        for assignment in names:
            try:
                if write_setup(course, assignment):
                    say(f"{assignment}: its cell `setup` is written anew from {setup_file(course)}.")
                say(*made_known(make_release(course, assignment, migrate)))
            except (GradingError, DBAPIError) as error:
                failed = True
                say(sentence(error))
    sys.exit(failed)


@main.command()
def check() -> None:
    """Try the sandbox and say what it is made of on this machine. Exits with 1 if it does not work."""
    with saying_what_to_do("No grading"):
        check_sandbox()
    say("The sandbox works.", *ways())


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT ...]")
@workers_option
@click.option("--seeds", default=10, show_default=True, help="Seeds per submission, from 1.")
@click.option("--kind", type=click.Choice(["right", "wrong"]), help="Only right or only wrong submissions.")
@click.option("--only", multiple=True, help="Only the submission of this name; can be repeated.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the results; default docs/calibration.")
def calibrate(
    assignments: tuple[str, ...], workers: int, seeds: int, kind: str | None, only: tuple[str, ...], output: Path | None
) -> None:
    """Grade the known-outcome submissions with many seeds and say how often the grader is wrong."""
    from .calibration.calibrate import Calibration  # with matplotlib, which grading does without

    with saying_what_to_do():
        check_sandbox()
        calibration = Calibration(Course(course_root()), Task.of, output)
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
def report(assignments: tuple[str, ...], output: Path) -> None:
    """Write a page on the class, in all assignments or those named: grades, cells, messages, whom to look after."""
    from .pages.report import write_report  # with what only pages need

    with saying_what_to_do("No report"), console.status("reading the graded notebooks"):
        course = Course(course_root())
        write_report(course, output, assignments)
    say(*misfits(course))
    say(f"Open {output} in a browser.")


@main.command()
@click.argument("student")
@click.argument("assignment")
@click.argument("due", required=False)
@click.option("--cancel", is_flag=True, help="Take the extension back.")
def extend(student: str, assignment: str, due: str | None, cancel: bool) -> None:
    """Give a STUDENT until DUE for an ASSIGNMENT, as in: grader extend ada wine "2027-02-07 23:59 Europe/Madrid".

    It can be given before anything is handed in. Penalties for being late follow at once.
    """
    with saying_what_to_do("Not extended"):
        if bool(due) == cancel:
            raise GradingError("Say until when, or --cancel: see `grader extend --help`.")
        course = Course(course_root())
        set_extension(course, student, assignment, due)
        refresh(course)
    if due:
        say(f"{student} has until {due} for {assignment}: it stands in {EXTENSIONS}, and counts from now on.")
    else:
        say(f"{student} has no extension for {assignment} any more.")


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write the class to this CSV file.")
def roster(file: Path | None, to: Path | None) -> None:
    """Enter the class of a CSV FILE, names and e-mail addresses, in the gradebook; or write it --to a file."""
    with saying_what_to_do("No roster"):
        if bool(file) == bool(to):
            raise GradingError("Name a file to read, or one to write with --to: see `grader roster --help`.")
        course = Course(course_root())
        if to:
            say(f"{write_roster(course, to)} students in {to}.")
            return
        assert file is not None  # one of the two is there
        entered = enter_roster(course, file)
    say(f"Students: {len(entered.new)} new, {len(entered.changed)} changed, {len(entered.same)} as they were.")
    if entered.renamed:
        pairs = ", ".join(f"{old} is {new}" for old, new in entered.renamed.items())
        say(f"Ids that are no names of folders, entered otherwise: {pairs}. Work is collected under the latter.")
    if entered.unused:
        say(f"Columns that are of no use here: {', '.join(entered.unused)}.")
    if entered.missing:
        say(
            f"In the gradebook, and not in {file}: {', '.join(entered.missing)}. They stay; who has left goes with "
            f"`grader drop {entered.missing[0]}`."
        )


@main.command()
@click.argument("students", nargs=-1, required=True, metavar="STUDENT ...")
def drop(students: tuple[str, ...]) -> None:
    """Take STUDENTs out of the class: their work and points go to dropped/, and count nowhere any more."""
    with saying_what_to_do("Not dropped"):
        course = Course(course_root())
        for student in students:
            say(f"{student} is dropped; work and points are in {drop_student(course, student)}.")


@main.command()
@click.argument("name")
def archive(name: str) -> None:
    """Put the class away in archive/NAME, with its gradebook and what lies in the exchange, and begin a new one."""
    with saying_what_to_do("Not archived"):
        course = Course(course_root())
        course.taught()  # says what is wrong with the settings, before anything moves
        folder, moved = archive_class(course, name)
        say(f"In {folder}: {', '.join(sorted({path.name for path in moved}))}.")
        for assignment in course.taught():
            say(*made_known(make_release(course, assignment)))
    say(
        "Due dates are to be set anew; in an exchange, `nbgrader release_assignment ASSIGNMENT` gives each to students."
    )


@main.command()
@click.argument("assignment")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option("--drafts", is_flag=True, help="Also what students have not sent for grading yet.")
def collect(assignment: str, files: tuple[Path, ...], drafts: bool) -> None:
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
def grades(assignment: str, students: tuple[str, ...], column: str | None) -> None:
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
def moodle() -> None:
    """What only Moodle takes."""


@moodle.command()
@click.argument("assignment")
def feedback(assignment: str) -> None:
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


def run(course: Course, pairs: Sequence[Key], workers: int, **options: Unpack[Options]) -> list[Outcome]:
    """Grade `pairs` with this many worker processes under a progress bar; return the Outcomes."""
    outcomes = []
    with workers_and_bar(workers, "grading", len(pairs)) as (executor, advance):
        for outcome in grade(course, pairs, executor, crowd=workers + 2, **options):
            outcomes.append(outcome)
            advance(f"{outcome.student}/{outcome.assignment} {outcome.state}")
    return outcomes


@contextmanager
def workers_and_bar(workers: int, label: str, total: int) -> Iterator[tuple[Crew, Advance]]:
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

        def advance(text: str, done: int | None = None) -> None:
            progress.update(bar, description=printable(text), advance=1 if done is None else None, completed=done)

        yield executor, advance


@contextmanager
def saying_what_to_do(label: str = "Not graded") -> Iterator[None]:
    """End the program with one sentence for what the instructor must mend."""
    try:
        yield
    except (FileNotFoundError, GradingError, SandboxUnavailable, DBAPIError) as error:
        text = database.database_sentence(error) if isinstance(error, DBAPIError) else error
        first, *rest = [printable(line) for line in str(text).split("\n")]
        console.print(f"[bold red]{label}:[/] {escape(first)}", highlight=False, soft_wrap=True)
        say(*rest)
        sys.exit(1)
