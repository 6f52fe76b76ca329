"""How often is the grader wrong? Known-outcome submissions × seeds, through the real grading path.

Every run is noted in runs.csv as it ends, and not run again: a calibration can be stopped and continued. A change of
the submission, or of a cell of the source notebook that its verdicts depend on, makes its runs stale: they are left out
and run anew. A run grades the cells that the submission has a part in (grader.calibration.known.narrow).
"""

import ast
import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import as_completed
from pathlib import Path
from typing import NamedTuple, Protocol, TypedDict

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_locked

from ..course import Course, GradingError
from ..ground.files import whole, working_files
from ..ground.processes import Executor
from ..notebooks.tests import is_test
from .known import Submission, build, find, grade_id_of, graded_points, narrow, reference
from .page import KINDS, Measure, page, plot, wilson

_HIDDEN = re.compile("### BEGIN HIDDEN TESTS.*### END HIDDEN TESTS", re.DOTALL)
SUMMARY = ["assignment", "grade_id", "kind", "runs", "misjudged", "low", "high"]


class Key(NamedTuple):
    """What tells a run from all others; digest: of the code that was run and the points it deserves."""

    assignment: str
    submission: str
    kind: str
    seed: str
    digest: str


class Judged(TypedDict):
    """A graded cell of a run: the points that it got and deserves, its errors, {measure: [value, target]}."""

    points: float
    expected: float
    said: str
    measured: dict[str, list[float]]


class Executed(Protocol):
    """What an executor returns, a grader.worker.Result."""

    @property
    def notebook(self) -> str:
        """The executed notebook, JSON text."""


class Calibration:
    """The runs of a course's known-outcome submissions, kept in `folder` (default docs/calibration).

    task: makes of a notebook's text and its working files what an executor runs, as `grader.worker.Task.of`.
    """

    def __init__(
        self,
        course: Course,
        task: Callable[[Course, str, dict[str, bytes]], Callable[[], Executed]],
        folder: Path | None = None,
    ) -> None:
        self.course, self.task = course, task
        self.folder = folder or course.root / "docs" / "calibration"
        self.messages: dict[tuple[str, str], dict[str, str]] = {}  # {(assignment, submission): {grade_id: text}}
        self.done = 0  # runs of the present plan that need not be run any more

    def submissions(
        self, assignments: Collection[str] = (), kind: str | None = None, names: Collection[str] = ()
    ) -> list[Submission]:
        """Return the right and wrong Submissions, each assignment's solution with them. Raises GradingError.

        Partly done ones are left out: what they lack is not wrong but missing, whatever the seed.
        """
        known = [reference(name) for name in self.course.assignments()]
        known += find(self.course.outcomes)
        known = [s for s in known if s.kind in ([kind] if kind else KINDS)]
        known = [
            s for s in known if (not assignments or s.assignment in assignments) and (not names or s.name in names)
        ]
        if not known:
            raise GradingError("No such submission: see outcomes/<edition>/<assignment>/<name>.py.")
        return known

    def run(
        self, submissions: Collection[Submission], seeds: Collection[int], executor: Executor
    ) -> Iterator[tuple[Key, dict[str, Judged]]]:
        """Run what is missing; yield (Key, outcome) of each run as it ends, then write the summary and plots."""
        self.folder.mkdir(parents=True, exist_ok=True)
        plan = self._plan(submissions, seeds)
        self.messages = {(s.assignment, s.name): s.messages for s in submissions}
        fresh = {key[:4]: key for key in plan}
        kept = {key: text for key, text in self._runs() if key == fresh.get(key[:4], key)}  # others: not of this plan
        self._write("runs.csv", [*Key._fields, "outcome"], sorted([*key, text] for key, text in kept.items()))
        todo = [key for key in plan if key not in kept]
        self.done = len(plan) - len(todo)
        with (self.folder / "runs.csv").open("a", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            futures = {executor.submit(self._task(*plan[key])): key for key in todo}
            for future in as_completed(futures):
                key = futures[future]
                outcome = judge(future.result(), plan[key][0].expected(plan[key][1]))
                writer.writerow([*key, compact(outcome)])
                file.flush()
                self.done += 1
                yield key, outcome
        self._write("runs.csv", [*Key._fields, "outcome"], sorted([*key, text] for key, text in self._runs()))
        self.summarise()

    def misjudged(self, key: Key, outcome: Mapping[str, Judged]) -> list[str]:
        """Return a line for each graded cell that got other points, or another message, than it deserves."""
        lines = []
        messages = self.messages.get((key.assignment, key.submission), {})
        for grade_id, cell in outcome.items():
            where = f"{key.assignment}/{key.submission} seed {key.seed}: {grade_id}"
            if cell["points"] != cell["expected"]:
                lines.append(f"{where} gets {cell['points']:g} points instead of {cell['expected']:g}. {cell['said']}")
            elif messages.get(grade_id, "") not in cell["said"]:
                lines.append(f"{where} does not say «{messages[grade_id]}» but «{cell['said']}»")
        return lines

    def summarise(self) -> None:
        """Write summary.csv, the plots and their page, README.md, from runs.csv.

        A cell that deserves its full points counts as right, whatever else is wrong in its submission; any other
        as wrong. It is misjudged if it got other points than it deserves.
        """
        full = {assignment: graded_points(self.course.source(assignment)) for assignment in self.course.assignments()}
        judged: defaultdict[tuple[str, str, str], list[bool]] = defaultdict(list)
        measures: defaultdict[tuple[str, str], defaultdict[str, Measure]] = defaultdict(lambda: defaultdict(Measure))
        for key, text in self._runs():
            for grade_id, (points, expected, measured) in json.loads(text).items():
                kind = "right" if expected == full[key.assignment].get(grade_id) else "wrong"
                judged[key.assignment, grade_id, kind].append(points != expected)
                for name, (value, target) in measured.items():
                    measures[key.assignment, grade_id][name].add(kind, value, target)
        rows = []
        for cell, wrongs in sorted(judged.items()):
            low, high = wilson(sum(wrongs), len(wrongs))
            rows.append([*cell, len(wrongs), sum(wrongs), f"{low:.4f}", f"{high:.4f}"])
        self._write("summary.csv", SUMMARY, rows)
        for (assignment, grade_id), of_cell in measures.items():
            plot(self.folder / f"{assignment}-{grade_id}.png", f"{assignment} · {grade_id}", of_cell)
        with whole(self.folder / "README.md") as part:
            part.write_text(page(rows, measures), "utf-8")

    def stale(self) -> list[str]:
        """Return the names of submissions, present or past, whose noted runs are of other code than today's."""
        fresh = {(key.assignment, key.submission): key.digest for key in self._plan(self.submissions(), [0])}
        of = ((key.assignment, key.submission, key.digest) for key, _ in self._runs())
        return sorted(
            {f"{assignment}/{name}" for assignment, name, digest in of if fresh.get((assignment, name)) != digest}
        )

    def _plan(
        self, submissions: Iterable[Submission], seeds: Collection[int]
    ) -> dict[Key, tuple[Submission, NotebookNode, int]]:
        """Return {Key: (Submission, source notebook, seed)}."""
        plan: dict[Key, tuple[Submission, NotebookNode, int]] = {}
        sources: dict[str, NotebookNode] = {}
        for s in submissions:
            source = sources.setdefault(s.assignment, self.course.source(s.assignment))
            cells = narrow(build(s, source, source), s, source).cells
            expected = {name: points for name, points in s.expected(source).items() if name in map(grade_id_of, cells)}
            digest = hashlib.sha256(json.dumps([_used(cells), expected]).encode()).hexdigest()[:12]
            plan |= {Key(s.assignment, s.name, s.kind, str(seed), digest): (s, source, seed) for seed in seeds}
        return plan

    def _task(self, submission: Submission, source: NotebookNode, seed: int) -> Callable[[], Executed]:
        folder = self.course.folder("source", submission.assignment)
        notebook = nbformat.writes(narrow(build(submission, source, source, seed), submission, source))
        return self.task(self.course, notebook, working_files(folder))

    def _runs(self) -> list[tuple[Key, str]]:
        """Return [(Key, outcome as JSON)] of runs.csv; a line that was cut off is left out."""
        path = self.folder / "runs.csv"
        if not path.exists():
            return []
        with path.open(newline="") as file:
            rows = list(csv.reader(file))[1:]
        return [(Key(*row[:5]), row[5]) for row in rows if len(row) == 6 and row[5].endswith("}")]

    def _write(self, name: str, header: Iterable[object], rows: Iterable[Iterable[object]]) -> None:
        with whole(self.folder / name) as part, part.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _used(cells: Iterable[NotebookNode]) -> list[str]:
    """Return the code of cells that verdicts depend on: all of it, but of tests only what is hidden, of what the course
    gives besides (setup, drawing, examples that are locked) only what gives names that the rest speaks of, one after
    the other, and nothing of self-checks, which give none. What else they do (messages, drawings) is no part of it."""
    given: list[tuple[str, str]] = []
    used: set[str] = set()
    words: set[str] = set()
    sources: list[str] = []
    for cell in cells:
        if not is_locked(cell) or is_grade(cell):
            sources.append(_hidden(cell.source) if is_test(cell) else cell.source)
        elif cell.cell_type == "code" and not cell.source.startswith("@self_check("):
            given += _given(ast.parse(cell.source).body, cell.source)
    more = " ".join(sources)
    while more:
        words |= set(re.findall(r"\w+", more))
        new = {text for name, text in given if name in words} - used
        used |= new
        more = " ".join(new)
    return [*sorted(used), *sources]


def _hidden(source: str) -> str:
    found = _HIDDEN.search(source)
    assert found is not None  # a test is hidden
    return found[0]


def _given(statements: Iterable[ast.stmt], source: str) -> Iterator[tuple[str, str]]:
    """Yield (name, code that gives it) of a module's statements, those in a `try`, `with` and `if` included."""
    for node in statements:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                origin = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
                name = alias.asname or alias.name.split(".")[0]
                yield name, f"{origin}import {alias.name} as {name}"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            decorators = [f"@{_segment(source, one)}" for one in node.decorator_list]
            yield node.name, "\n".join([*decorators, _segment(source, node)])
        elif isinstance(node, ast.Assign):
            names = (one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name))
            yield from ((name, _segment(source, node)) for name in names)
        else:
            yield from _given([*getattr(node, "body", []), *getattr(node, "orelse", [])], source)


def _segment(source: str, node: ast.AST) -> str:
    text = ast.get_source_segment(source, node)
    assert text is not None  # the parser says of each node where it stands
    return text


def judge(result: Executed, expected: Mapping[str, float]) -> dict[str, Judged]:
    """Return {grade_id: {"points", "expected", "said", "measured"}} of an executed notebook (a worker's Result)."""
    outcome: dict[str, Judged] = {}
    for cell in nbformat.reads(result.notebook, as_version=4).cells:
        if (grade_id := grade_id_of(cell)) is not None and grade_id in expected:
            outcome[grade_id] = {
                "points": determine_grade(cell)[0],
                "expected": expected[grade_id],
                "said": " ".join(output.evalue for output in cell.outputs if output.output_type == "error"),
                "measured": {name: [m.value, m.target] for name, m in cell.metadata.get("measured", {}).items()},
            }
    return outcome


def compact(outcome: Mapping[str, Judged]) -> str:
    """Return an outcome as JSON for runs.csv: {grade_id: [points, expected, {measure: [value, target]}]}."""
    short = {}
    for grade_id, cell in outcome.items():
        measured = {name: [float(f"{value:.4g}"), target] for name, (value, target) in cell["measured"].items()}
        short[grade_id] = [cell["points"], cell["expected"], measured]
    return json.dumps(short, separators=(",", ":"))
