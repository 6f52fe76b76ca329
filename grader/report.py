"""The instructor's page on a class: one HTML file that loads nothing and runs one script, which sorts its tables."""

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import jinja2
import numpy as np
import pandas as pd

from .course import GradingError
from .items import FEWEST, failures, items
from .standing import GRADED, MISSING, STOPPED, UNGRADED, UNREADABLE, read_standing
from .stopping import whole

TEMPLATES = Path(__file__).with_name("templates") / "report"
MOST_FAILURES = 50  # rows of the table of messages
BINS = 10
_TROUBLES = (STOPPED, UNREADABLE, UNGRADED)


@dataclass
class Summary:
    """An assignment in numbers. points: those of graded submissions; bins: how many lie in each tenth of max_points."""

    assignment: str
    max_points: float
    points: pd.Series
    seconds: pd.Series
    memory_mb: pd.Series
    bins: list[int]
    states: dict[str, int]
    late: int
    waiting: int  # submissions with cells to be graded by hand
    half: int  # submissions that earned at least half of the points


@dataclass
class Concern:
    """A student to look after; share: of the points that could be earned so far; reasons: [(text, Records)]."""

    student: str
    share: float
    reasons: list[tuple[str, list]]


def write_report(course, output, assignments=()):
    """Write the report on all assignments, or on those named, to the file `output` (a Path). Raises GradingError."""
    standing = read_standing(course, assignments)
    page = render(standing, FeedbackLinks(course, output.parent))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with whole(output) as file:
            file.write_text(page, "utf-8", errors="replace")  # the name of a folder may be no text at all
    except OSError as error:
        raise GradingError(f"Cannot write {output}: {error.strerror}. Choose another file with --output.") from None


class FeedbackLinks:
    """Addresses of feedback pages, relative to the folder of the report."""

    def __init__(self, course, folder):
        self.course, self.folder = course, folder.resolve()

    def __call__(self, record):
        """Return the address of a Record's feedback page, or "" if there is no page."""
        page = self.course.folder("feedback", record.student, record.assignment) / f"{record.assignment}.html"
        return quote(Path(os.path.relpath(page, self.folder)).as_posix()) if page.is_file() else ""


def render(standing, link):
    """Return the page, HTML. link: a function from a Record to the address of its feedback page, or ""."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"duration": duration, "number": number}
    script = (TEMPLATES / "sort.js").read_text("utf-8")
    summaries = [summary(name, points, standing.of(name)) for name, points in standing.max_points.items()]
    graded = [record for record in standing.records if record.is_graded]
    measured = [record for record in graded if record.state != UNREADABLE]  # these say nothing of a cell
    found = failures(graded)
    return environment.get_template("report.html.j2").render(
        standing=standing,
        summaries=summaries,
        items=[
            item
            for name, points in standing.max_points.items()
            for item in items(name, points, [record for record in measured if record.assignment == name])
        ],
        failures=found[:MOST_FAILURES],
        left_out=len(found[MOST_FAILURES:]),
        concerns=concerns(standing),
        troubled=[r for r in standing.records if r.state in _TROUBLES or r.seconds_late > 0 or r.remark],
        missing={s.assignment: [r for r in standing.of(s.assignment) if r.state == MISSING] for s in summaries},
        broken=[(record, cell) for record in graded for cell in record.broken],
        made=datetime.now().astimezone(),
        fewest=FEWEST,
        link=link,
        style=(TEMPLATES / "page.css").read_text("utf-8"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def summary(assignment, max_points, records):
    """Return the Summary of an assignment. max_points: {grade_id: points}; records: all its Records."""
    graded = [record for record in records if record.is_graded]
    total = sum(max_points.values())
    points = pd.Series([record.points for record in graded], dtype=float)
    bins, _ = np.histogram(points.clip(upper=total), bins=BINS, range=(0, total or 1))
    return Summary(
        assignment=assignment,
        max_points=total,
        points=points,
        seconds=pd.Series([record.seconds for record in graded], dtype=float).dropna(),
        memory_mb=pd.Series([record.memory_mb for record in graded], dtype=float).dropna(),
        bins=bins.tolist(),
        states={
            state: sum(r.state == state for r in records) for state in (GRADED, STOPPED, UNREADABLE, UNGRADED, MISSING)
        },
        late=sum(record.seconds_late > 0 for record in records),
        waiting=sum(bool(record.pending) for record in graded),
        half=sum(not _below_half(record) for record in graded),
    )


def concerns(standing):
    """Return the Concerns of a class, those who earned the smallest share first."""
    by_student = {student: [] for student in standing.students}
    for record in standing.records:
        by_student[record.student].append(record)
    found = []
    for student, records in by_student.items():
        counted = [record for record in records if record.state != UNGRADED]
        possible = sum(record.possible for record in counted)
        reasons = _reasons(records)
        if reasons:
            share = sum(record.points for record in counted) / possible if possible else 0.0
            found.append(Concern(student, share, reasons))
    return sorted(found, key=lambda concern: (concern.share, concern.student))


def _reasons(records):
    missing = [r for r in records if r.state == MISSING]
    late = [r for r in records if r.seconds_late > 0]
    if missing and len(missing) == len(records):
        return [("has handed in nothing", [])]
    reasons = [
        ("missing", missing),
        ("could not be read", [r for r in records if r.state == UNREADABLE]),
        ("stopped at a limit", [r for r in records if r.state == STOPPED]),
        ("below half of the points", [r for r in records if r.state in (GRADED, STOPPED) and _below_half(r)]),
        ("late more than once", late if len(late) > 1 else []),
    ]
    return [(text, of) for text, of in reasons if of]


def _below_half(record):
    return record.points < record.possible / 2


def number(value, digits=2):
    """Return a number without superfluous zeros; a Jinja filter."""
    return f"{round(value, digits):g}"


def duration(seconds):
    """Return seconds in the unit that suits them; a Jinja filter."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"
