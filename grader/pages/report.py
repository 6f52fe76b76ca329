"""The instructor's page on a class: one HTML file that loads nothing and runs one script, which sorts and searches."""

import base64
import functools
import gettext
import hashlib
import math
import os
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import jinja2
import numpy as np
from babel.dates import format_datetime
from markupsafe import Markup, escape

from ..course import Course, GradingError
from ..ground.files import whole
from ..office.consistency import misfits
from ..office.late import LatePolicy
from .items import failures, items
from .results import source_places
from .standing import AGAIN, GRADED, MISSING, STOPPED, UNGRADED, UNREADABLE, Record, Standing, read_standing
from .totals import Settings, report_settings, total
from .wording import wording

TEMPLATES = Path(__file__).with_name("templates") / "report"
MOST_FAILURES = 200  # kinds of messages on the page
FIRST_FAILURES = 10  # that are seen at once; the others are folded
FEW_NAMES = 6  # that are seen at once; of more, all are folded
BINS = 10
LOWEST = 10  # one of so many students is among the lowest totals
LAST = 2  # assignments; who has handed in none of them has stopped
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass
class Summary:
    """An assignment in numbers. points: those of graded submissions; bins: how many lie in each tenth of max_points."""

    assignment: str
    max_points: float
    points: list[float]
    bins: list[int]
    missing: int
    ungraded: int
    half: int  # submissions that earned at least half of the points

    @property
    def median(self) -> float:
        """Return the median of the points."""
        return statistics.median(self.points)


@dataclass
class Row:
    """A student's work. records: {assignment: Record}; total: the share of all points, by weight, or None."""

    number: int
    student: str
    name: str
    records: dict[str, Record]
    total: float | None


def write_report(course: Course, output: Path, assignments: Collection[str] = ()) -> None:
    """Write the report on all assignments, or on those named, to the file `output` (a Path). Raises GradingError."""
    page = render(course, read_standing(course, assignments), FeedbackLinks(course, output.parent))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with whole(output) as file:
            file.write_text(page, "utf-8", errors="replace")  # the name of a folder may be no text at all
    except OSError as error:
        raise GradingError(f"Cannot write {output}: {error.strerror}. Choose another file with --output.") from None


class FeedbackLinks:
    """Addresses of feedback pages, relative to the folder of the report."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder.resolve()
        self._page = functools.cache(self._find)

    def __call__(self, record: Record, grade_id: str = "") -> str:
        """Return the address of a Record's feedback page, or of a graded cell on it, or "" if there is no page."""
        page = self._page(record.student, record.assignment)
        return f"{page}#{quote(grade_id)}" if page and grade_id else page

    def _find(self, student: str, assignment: str) -> str:
        page = self.course.folder("feedback", assignment, student) / f"{assignment}.html"
        return quote(Path(os.path.relpath(page, self.folder)).as_posix()) if page.is_file() else ""


def render(course: Course, standing: Standing, link: Callable[..., str]) -> str:
    """Return the page, HTML. link: a function from a Record, and maybe a grade id, to an address, or ""."""
    settings, (language, words) = report_settings(course), wording(course)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # of jinja2.ext.i18n
    environment.filters |= {"duration": duration, "number": number, "code": code, "pieces": pieces}
    made = datetime.now().astimezone()
    script = (TEMPLATES / "page.js").read_text("utf-8")
    graded = [record for record in standing.records if record.is_graded]
    measured = [record for record in graded if record.state != UNREADABLE]  # these say nothing of a cell
    where = {name: source_places(course, name) for name in standing.max_points}
    found = failures(graded, where)
    table = rows(standing, settings)
    lowest, stopped = concerns(table, list(standing.max_points))
    return environment.get_template("report.html.j2").render(
        standing=standing,
        settings=settings,
        grace_minutes=LatePolicy(config=course.config).grace_minutes,
        language=language,
        rows=table,
        total_weight=sum(map(settings.weight, standing.max_points)),
        summaries=[summary(name, points, standing.of(name)) for name, points in standing.max_points.items()],
        items=[
            item
            for name, points in standing.max_points.items()
            for item in items(name, points, [r for r in measured if r.assignment == name], where[name])
        ],
        where=where,
        failures=found[:MOST_FAILURES],
        first_failures=FIRST_FAILURES,
        left_out=len(found[MOST_FAILURES:]),
        lowest=lowest,
        stopped_coming=stopped,
        never=[row for row in table if row.records and all(r.state == MISSING for r in row.records.values())],
        misfits=list(misfits(course)),
        todo={
            "broken": by_cell(graded, "broken"),
            "ungraded": by_remark([r for r in standing.records if r.state == UNGRADED], words),
            "remarked": by_remark([r for r in graded if r.state == GRADED and (r.remark or r.outdated)], words),
            "waiting": by_cell(graded, "pending"),
            "unreadable": by_remark([r for r in graded if r.state == UNREADABLE], words),
            "stopped": by_remark([r for r in graded if r.state == STOPPED], words),
            "started": [r for r in graded if r.started],
            "late": [r for r in standing.records if r.seconds_late > 0],
            "missing": [r for r in standing.records if r.state == MISSING],
        },
        longest=max((r for r in graded if r.seconds is not None), key=lambda r: r.seconds or 0.0, default=None),
        largest=max((r for r in graded if r.memory_mb is not None), key=lambda r: r.memory_mb or 0.0, default=None),
        made=made,
        made_at=format_datetime(made, "long", locale=language),
        few_names=FEW_NAMES,
        link=link,
        style=(TEMPLATES / "page.css").read_text("utf-8"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def summary(assignment: str, max_points: Mapping[str, float], records: Collection[Record]) -> Summary:
    """Return the Summary of an assignment. max_points: {grade_id: points}; records: all its Records."""
    graded = [record for record in records if record.is_graded]
    most = sum(max_points.values())
    worth = [record.worth or most for record in graded]  # then; today it may be something else
    points = [r.points if then == most else r.points * most / then for r, then in zip(graded, worth, strict=True)]
    bins, _ = np.histogram(np.clip(points, None, most), bins=BINS, range=(0, most or 1))
    return Summary(
        assignment=assignment,
        max_points=most,
        points=points,
        bins=bins.tolist(),
        missing=sum(record.state == MISSING for record in records),
        ungraded=sum(record.state == UNGRADED for record in records),
        half=sum(record.points >= record.possible / 2 for record in graded),
    )


def rows(standing: Standing, settings: Settings) -> list[Row]:
    """Return a Row for each student, by name."""
    by_student: dict[str, dict[str, Record]] = {student: {} for student in standing.students}
    for record in standing.records:
        by_student[record.student][record.assignment] = record
    ordered = sorted(by_student.items(), key=lambda pair: (standing.students[pair[0]] or pair[0]).casefold())
    return [
        Row(number, student, standing.students[student], records, total(records.values(), settings))
        for number, (student, records) in enumerate(ordered, 1)
    ]


def concerns(table: Collection[Row], assignments: Collection[str]) -> tuple[list[Row], list[tuple[Row, list[str]]]]:
    """Return (the Rows with the lowest totals, [(Row, assignments)] of those who have stopped handing in).

    table: all Rows; assignments: in their order. Those who have never handed in anything are neither. The lowest are
    one of LOWEST students and who has no more than they, as far as they have less than half. An assignment that less
    than half of the class has handed in tells of nobody that they have stopped.
    """
    came = [row for row in table if any(record.state != MISSING for record in row.records.values())]
    counted = [
        name
        for name in assignments
        if 2 * sum(name in row.records and row.records[name].state != MISSING for row in came) >= len(came)
    ]
    last = counted[-LAST:] if len(counted) > LAST else []
    stopped = [row for row in came if last and all(_is_missing(row, name) for name in last)]
    others = sorted((row.total, row.number) for row in came if row.total is not None and row not in stopped)
    bound = min(others[math.ceil(len(others) / LOWEST) - 1][0], math.nextafter(0.5, 0)) if others else 0
    lowest = [row for row in came if row.total is not None and row.total <= bound and row not in stopped]
    return sorted(lowest, key=lambda row: row.total or 0.0), [(row, last) for row in stopped]


def _is_missing(row: Row, assignment: str) -> bool:
    return assignment in row.records and row.records[assignment].state == MISSING


def by_cell(records: Iterable[Record], what: str) -> dict[tuple[str, str], list[Record]]:
    """Return {(assignment, grade_id): Records} of the cells that Records name in their attribute `what`."""
    found: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        for grade_id in getattr(record, what):
            found[record.assignment, grade_id].append(record)
    return dict(found)


def by_remark(records: Iterable[Record], words: gettext.NullTranslations) -> dict[str, list[Record]]:
    """Return {remark: Records}, the remarks in gettext's `words`, as far as these have them."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        remark = record.remark or (AGAIN if record.outdated else "")
        found[words.gettext(remark) if remark else ""].append(record)
    return dict(found)


def number(value: float, digits: int = 2) -> str:
    """Return a number without superfluous zeros; a Jinja filter."""
    return f"{round(value, digits):g}"


def duration(seconds: float) -> str:
    """Return seconds in the unit that suits them; a Jinja filter."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def code(text: str) -> Markup:
    """Return a heading, Markdown, as HTML with what stands in backticks as code; a Jinja filter."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def pieces(text: Iterable[tuple[str, bool]]) -> Markup:
    """Return the text of a Failure as HTML, its ranges marked; a Jinja filter."""
    marked = (
        Markup('<span class="range">{}</span>').format(piece) if ranges else escape(piece) for piece, ranges in text
    )
    return Markup(_CODE.sub(r"<code>\1</code>", "".join(marked)))
