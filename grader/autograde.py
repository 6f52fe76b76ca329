"""Grade a class: nbgrader's own autograde, with its executing part spread over worker processes.

A submission is staged below `.grading/` and sanitised by nbgrader, in a process of its own (grader.staging) that this
one waits for, so that only one at a time uses gradebook.db; executed by a worker (which needs no more than notebook,
files and limits); its grades are saved by nbgrader; and only then is it moved into `autograded/`: that move is what
makes it graded. Killed at any moment, a re-run grades what has not been moved and changes nothing else.
"""

import contextlib
import json
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.api import Grade, Gradebook, MissingEntry

from .course import Course, Key, sentence
from .crew import Crew
from .execute import ENDED
from .ground.database import undisturbed
from .ground.files import whole, working_files
from .ground.processes import Executor
from .notebooks.versions import begun_with, lock, versions
from .office.freshness import NEW, OLDER, OUTDATED, digests, facts, freshness, grading_digest, worth
from .office.late import LatePolicy
from .office.lock import STAGING, at_work
from .staging import Stage, StagedAutograde, note_log, start
from .stopping import undivided
from .worker import Result, Task


@dataclass
class Outcome:
    """What became of one submission. state: graded, stopped (a limit was hit), unreadable, failed, skipped, or outdated
    (graded with an older release, and left so)."""

    assignment: str
    student: str
    state: str
    detail: str = ""
    score: float | None = None
    max_score: float | None = None
    seconds_late: float = 0.0
    seconds: float = 0.0
    memory_mb: float = 0.0
    executions: int = 0  # 2: once more, whole, because points were lost with cells left out
    penalty: float = 0.0  # points taken off for being late, which score is without
    started: str = ""  # the time of an older release that the work was begun with
    broken: list[str] = field(default_factory=list)  # grade ids whose hidden tests broke


@dataclass
class Staged:
    """A submission on its way: staged and sanitised, executed by a worker, not yet saved.

    notebook: the sanitised one, below `.grading/`; task: its execution; remark: what is said of what was handed in;
    noted: the digests of the work and of what grades it.
    """

    key: Key
    notebook: Path
    task: Task
    readable: bool
    remark: str
    noted: dict[str, str]


def grade(
    course: Course,
    keys: Sequence[Key],
    executor: Executor,
    *,
    sandbox: bool = True,
    force: bool = False,
    outdated: bool = False,
    crowd: int = 4,
    scope: Iterable[Iterable[str]] = (),
) -> Iterator[Outcome]:
    """Grade these submissions; yield an Outcome for each as it is done.

    executor: a concurrent.futures.Executor, or anything with its `submit`; force, outdated: also what is graded, or
    graded with an older release; crowd: how many submissions are staged at once; scope: what was asked for, of which
    `force` that was stopped does the rest. Raises GradingError if nothing can be graded, or nothing more, and lets
    Stopped and KeyboardInterrupt through: what is done stays.
    """
    with at_work(course.root / STAGING) as staging, Crew(1, start) as stager:
        log = note_log(staging, "w")
        with course.gradebook() as gradebook:
            lock(gradebook, [n for assignment in gradebook.assignments for n in assignment.notebooks])
        tests = {key.assignment: grading_digest(course, key.assignment) for key in keys}
        forced = Forced(staging, scope) if force else None
        grading = _Grading(course, staging, log, tests, forced, outdated, sandbox)
        todo, running = list(reversed(keys)), dict[Future[Result], Staged]()
        while todo or running:
            while todo and len(running) < crowd:
                begun = grading.begin(todo.pop(), stager)
                if isinstance(begun, Outcome):
                    yield begun
                    continue
                running[executor.submit(begun.task)] = begun
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield grading.finish(running.pop(future), future)
        if forced:
            forced.end()


class _Grading:
    """The two steps of the main process: what comes before a submission is executed, and what comes after."""

    def __init__(
        self,
        course: Course,
        staging: Path,
        log: logging.Logger,
        tests: dict[str, str],  # {assignment: the digest of what grades it}
        forced: "Forced | None",
        outdated: bool,
        sandbox: bool,
    ) -> None:
        self.course, self.staging, self.log = course, staging, log
        self.tests, self.forced, self.outdated = tests, forced, outdated
        self.converter = StagedAutograde(course, log)
        limits = dict(course.config.CourseExecute.limits)
        self.task = partial(Task, hidden=course.hidden(), limits=limits, sandbox=sandbox, preload=course.preload())

    def begin(self, key: Key, stager: Crew) -> Staged | Outcome:
        """Stage a submission; or return the Outcome of one that is not to be executed."""
        try:
            noted = digests(self.course, *key, self.tests[key.assignment])
            again = self.forced is not None and not self.forced.has_done(key, noted)
            known = not again and _entered(self.course, key)
            age = freshness(self.course, *key, noted["work"], noted["tests"]) if known else NEW
        except Exception as error:
            return self._failed("looking at", key, error)
        if age == OUTDATED and not self.outdated:
            return _outcome(self.course, key, "outdated", f"{OLDER}; --outdated grades it again")
        if age not in (NEW, OUTDATED):
            why = "graded by the --force that was stopped" if self.forced else "already graded"
            return _outcome(self.course, key, "skipped", f"{why}; --force grades it again")
        try:
            readable, remark, notebook = stager.submit(Stage(self.course.root.absolute(), *key)).result()
            task = self.task(notebook.read_text("utf-8"), working_files(notebook.parent))
            return Staged(key, notebook, task, readable, remark, noted)
        except Exception as error:
            return self._failed("staging", key, error)

    def finish(self, staged: Staged, future: Future[Result]) -> Outcome:
        """Save the grades of an executed submission and put it in its place; return its Outcome."""
        key, noted = staged.key, staged.noted
        try:
            result = future.result()
            executed = nbformat.reads(result.notebook, 4)
            executed.metadata.grader.update(noted)
            then = facts(self.course, *key)
            same = then.get("work") == noted["work"]
            with undivided():
                with _points_by_hand(self.course, key, same, then.get("points", {})) as by_hand:
                    undisturbed(self.converter.save, *key, staged.notebook, executed)
                _move(staged.notebook.parent, self.course.folder("autograded", *key), self.staging)
            shutil.rmtree(self.staging / "submitted" / key.student / key.assignment)
        except Exception as error:
            return self._failed("grading", key, error)
        state = "unreadable" if not staged.readable else "stopped" if result.stopped else "graded"
        said = [staged.remark or (ENDED[result.stopped] if result.stopped else ""), *by_hand]
        outcome = _outcome(self.course, key, state, " ".join(filter(None, said)))
        outcome.seconds, outcome.memory_mb = result.seconds, result.memory_mb
        outcome.executions = executed.metadata.grader.executions
        if self.forced:
            self.forced.note(key, noted)
        return outcome

    def _failed(self, doing: str, key: Key, error: Exception) -> Outcome:
        """Return the Outcome of an error. Raises GradebookLost where all others fail too."""
        self.log.exception("%s %s of %s", doing, *key)
        return Outcome(*key, "failed", sentence(error))


@contextlib.contextmanager
def _points_by_hand(course: Course, key: Key, same: bool, points: dict[str, float]) -> Iterator[list[str]]:
    """See to the points given by hand while new grades are saved; yields a list, in the end of what there is to say.

    nbgrader lets them stand and asks the instructor to look at each again. That is so where the answer has changed,
    unless the tests give it as many points or more: those count; and where the cell is worth other points now.
    same: the work is what was graded before; points: what its cells were worth then, {grade_id: points}.
    """
    said: list[str] = []
    with course.gradebook() as gradebook:
        old = {g.name: (g.manual_score, g.needs_manual_grade) for g in _grades(gradebook, key)}
    yield said
    old = {name: given for name, given in old.items() if given[0] is not None}
    with course.gradebook() as gradebook:
        for grade in _grades(gradebook, key):
            given, waits = old.get(grade.name, (None, None))
            if given is None:
                continue
            before = points.get(grade.name, grade.max_score)
            if same and before == grade.max_score:
                grade.needs_manual_grade = waits
            elif same:
                said.append(
                    f"{grade.name}: the {given:g} points given by hand were of {before:g}, and it is worth "
                    f"{grade.max_score:g} now: look at it in the formgrader."
                )
            elif grade.auto_score is not None and grade.auto_score >= given:
                grade.manual_score, grade.needs_manual_grade = None, False
                said.append(f"{grade.name}: {grade.auto_score:g} points now, {given:g} by hand before.")
            else:
                said.append(
                    f"{grade.name} keeps the {given:g} points given by hand to an earlier attempt: "
                    "look at it in the formgrader."
                )
        gradebook.db.commit()


def _entered(course: Course, key: Key) -> bool:
    """Tell whether the gradebook knows a submission: if not, it is not graded, whatever lies in `autograded/`."""
    with course.gradebook() as gradebook:
        try:
            gradebook.find_submission(*key)
        except MissingEntry:
            return False
        return True


def _grades(gradebook: Gradebook, key: Key) -> list[Grade]:
    try:
        return [grade for n in gradebook.find_submission(*key).notebooks for grade in n.grades]
    except MissingEntry:
        return []


def _move(folder: Path, target: Path, staging: Path) -> None:
    """Put `folder` in the place of `target`; until its last step the submission counts as not graded."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = staging / "replaced"
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        shutil.rmtree(old)
    folder.rename(target)


def _outcome(course: Course, key: Key, state: str, detail: str) -> Outcome:
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(*key)
        except MissingEntry:
            return Outcome(*key, state, detail)
        late, off = LatePolicy(config=course.config).seconds(submission), submission.late_submission_penalty or 0.0
        known = versions(gradebook.find_notebook(key.assignment, key.assignment))
        then = facts(course, *key)
        score, most = max(submission.score - off, 0.0), worth(submission, then.get("points", {}))
    outcome = Outcome(*key, state, detail, score, most, late)
    outcome.penalty, outcome.started, outcome.broken = off, begun_with(then, known), then.get("broken", [])
    return outcome


class Forced:
    """What a `--force` has done so far, in a file: the same one, after it was stopped, goes on with the rest."""

    def __init__(self, staging: Path, scope: Iterable[Iterable[str]]) -> None:
        self.path, self.scope = staging / "forced.json", [sorted(part) for part in scope]
        try:
            known = json.loads(self.path.read_text("utf-8"))
            self.done: dict[str, dict[str, str]] = known["done"] if known["scope"] == self.scope else {}
        except (OSError, ValueError, LookupError, TypeError):
            self.done = {}

    def has_done(self, key: Key, noted: dict[str, str]) -> bool:
        """Tell whether a submission, and what grades it, are those that have been graded."""
        return self.done.get(f"{key.student}/{key.assignment}") == noted

    def note(self, key: Key, noted: dict[str, str]) -> None:
        """Note that a submission has been graded."""
        self.done[f"{key.student}/{key.assignment}"] = noted
        with whole(self.path) as part:
            part.write_text(json.dumps({"scope": self.scope, "done": self.done}), "utf-8")

    def end(self) -> None:
        """Forget it all: the next one begins anew."""
        self.path.unlink(missing_ok=True)
