"""What a command tells an instructor: tables, counts, and sentences with what to do."""

import math
import re
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from nbgrader.api import Grade
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .autograde import Outcome
from .course import Course, Key
from .ground.text import printable
from .office.consistency import counted, names
from .office.freshness import facts, waiting_cells
from .office.release import Release, unreleased

console = Console()
STYLES = {"graded": "green", "skipped": "dim", "outdated": "yellow", "stopped": "yellow", "unreadable": "red"}
STYLES |= {"failed": "bold red"}
COMMAND = re.compile("`(grader|nbgrader|make) ")
MOST_ROWS = 30  # of a table; of more, only those that need a look
BARS = " ▁▂▃▄▅▆▇█"


def say(*sentences: str) -> None:
    """Print sentences as they are, whatever names in them look like."""
    for sentence in sentences:
        console.print(printable(sentence), markup=False, highlight=False, soft_wrap=True)


def made_known(release: Release) -> Iterator[str]:
    """Return sentences on a Release."""
    place = f"{release.folder}, version {release.now.version}"
    if release.before is None:
        yield f"{release.assignment}: released in {place}."
    elif release.before.version == release.now.version and not release.changes:
        yield f"{release.assignment}: as it was, in {place}."
    else:
        changes = f" Changed: {', '.join(release.changes)}." if release.changes else ""
        yield f"{release.assignment}: released anew in {place}.{changes}"
    if release.kept:
        yield f"The gradebook as it was before is kept in {release.kept}."
    if release.older:
        yield (
            f"{len(release.older)} students were graded with the tests and points of before: "
            f"`grader autograde --outdated {release.assignment}` grades these again."
        )


def say_what_is_unreleased(course: Course, assignments: Iterable[str]) -> None:
    """Print what has been changed in source/ and not released: it does not grade yet."""
    for assignment in assignments:
        if changes := unreleased(course, assignment):
            say(
                f"{assignment} is graded as it was released. Changed in source/ since then: {', '.join(changes)}. "
                f"`grader release {assignment}` releases that, or says what stands against it."
            )


def summarise(outcomes: Collection[Outcome]) -> None:
    """Print what became of each submission, of a class only of those that need a look, and the points of the others;
    then the counts, and what to do."""
    new = [o for o in outcomes if o.state not in ("skipped", "outdated")]
    outdated = [o for o in outcomes if o.state == "outdated"]
    all_of_them = len(new) <= MOST_ROWS
    shown = [o for o in new if all_of_them or o.state != "graded" or o.seconds_late > 0 or o.detail or o.broken]
    shown += outdated if len(outdated) <= MOST_ROWS else []
    table = Table("student", "assignment", "state", "points", "late", "remark")
    below = []  # remarks with commands, which a table would break apart
    for o in shown:
        late = f"{o.seconds_late / 3600:.1f} h" if o.seconds_late > 0 else ""
        if COMMAND.search(o.detail):
            below.append(f"{o.student}/{o.assignment}: {o.detail}")
        broken = f"broken test, no grade: {', '.join(o.broken)}." if o.broken else ""
        detail = "" if COMMAND.search(o.detail) else o.detail
        texts = (o.student, o.assignment, " ".join(filter(None, [broken, detail])))
        student, assignment, remark = (escape(printable(text)) for text in texts)
        table.add_row(student, assignment, f"[{STYLES[o.state]}]{o.state}[/]", earned(o), late, remark)
    if table.row_count:
        console.print(table)
    say(*below)
    if not all_of_them:
        say(*distributions(new))
    counts = {state: sum(o.state == state for o in outcomes) for state in STYLES}
    count = sum(o.seconds_late > 0 for o in outcomes)
    console.print(", ".join(f"{n} {state}" for state, n in counts.items() if n) + (f"; {count} late" if count else ""))
    again = sum(o.executions > 1 for o in outcomes)
    if again:
        say(f"{again} were executed once more, whole, because they had lost points with cells left out.")
    say(*on_versions(outcomes))
    say(*on_broken(outcomes))
    if counts["failed"]:
        console.print("Details of the failures: .grading/nbgrader.log", highlight=False)


def earned(outcome: Outcome) -> str:
    """Return the points of an Outcome, less those for being late, "" if it has none, or a test broke."""
    if outcome.score is None or outcome.broken:
        return ""
    off = f" (-{outcome.penalty:g} late)" if outcome.penalty else ""
    return f"{outcome.score:g}/{outcome.max_score:g}{off}"


def distributions(outcomes: Collection[Outcome]) -> Iterator[str]:
    """Yield a line on the points of each assignment's Outcomes."""
    for assignment in sorted({o.assignment for o in outcomes}):
        of_it = [o for o in outcomes if o.assignment == assignment]
        scored = [(o.score, o.max_score) for o in of_it if o.score is not None and o.max_score]
        if scored:
            shares = sorted(score / most for score, most in scored)
            bins = [sum(min(int(share * 10), 9) == n for share in shares) for n in range(10)]
            bars = "".join(BARS[math.ceil(n / max(bins) * (len(BARS) - 1))] for n in bins)
            top = max(most for _, most in scored)
            yield (
                f"{assignment}: {len(scored)} graded, median {statistics.median(shares) * top:.3g} of {top:g}, "
                f"from {shares[0] * top:.3g} to {shares[-1] * top:.3g}  0 {bars} {top:g}"
            )


def on_versions(outcomes: Collection[Outcome]) -> Iterator[str]:
    """Yield sentences on work that was graded with other tests than today's, or begun with an older release."""
    for assignment in sorted({o.assignment for o in outcomes}):
        of_it = [o for o in outcomes if o.assignment == assignment]
        if older := [o.student for o in of_it if o.state == "outdated"]:
            yield (
                f"{assignment}: {len(older)} of {len(of_it)} were graded with an older release of the assignment, with "
                f"other points, tests or data, and keep those points ({names(older)}): `grader autograde --outdated "
                f"{assignment}` grades these again."
            )
        if started := [o for o in of_it if o.started and o.state not in ("skipped", "outdated")]:
            times = ", ".join(sorted({o.started for o in started} - {"?"})) or "unknown"
            yield (
                f"{assignment}: {len(started)} of {len(of_it)} began with an older release (of {times}): "
                f"{names(o.student for o in started)}. They are graded with the cells of today's."
            )


def on_broken(outcomes: Collection[Outcome]) -> Iterator[str]:
    """Yield sentences on hidden tests that broke, which is no student's fault."""
    cells = {(o.assignment, cell) for o in outcomes for cell in o.broken}
    for assignment, cell in sorted(cells):
        of_it = [o.student for o in outcomes if o.assignment == assignment and cell in o.broken]
        yield (
            f"The hidden test {cell} of {assignment} broke for {counted(of_it)}: it is no "
            f"fault of theirs, and no platform gets these grades. What it said stands in their feedback. Mend it in "
            f"source/, then `grader release {assignment}` and `grader autograde --outdated {assignment}`."
        )


def waiting(course: Course, pairs: Iterable[Key]) -> None:
    """Print which cells of whom wait for points given by hand, of the submissions with these keys."""
    cells: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    with course.gradebook() as gradebook:
        rows = gradebook.db.query(Grade).filter(Grade.needs_manual_grade)
        keys = {Key(grade.notebook.assignment.name, grade.notebook.assignment.student_id) for grade in rows}
        for assignment, student in sorted(keys & set(pairs)):
            if course.folder("autograded", assignment, student).is_dir():
                then = facts(course, assignment, student).get("points", {})
                for cell in waiting_cells(gradebook.find_submission(assignment, student), then):
                    cells[assignment, cell].append(student)
    for (assignment, cell), those in sorted(cells.items()):
        say(
            f"Waiting for points by hand: {cell} of {assignment}, {counted(those)}. In the "
            f"formgrader: /formgrader/manage_submissions/{assignment}, or Manual Grading."
        )
