"""Grade a class: nbgrader's own autograde, with its executing part spread over worker processes.

A submission is staged below `.grading/` and sanitised by nbgrader, in a process of its own (grader.staging) that this
one waits for, so that only one at a time uses gradebook.db; executed by a worker (a pure function of notebook, files
and limits); its grades are saved by nbgrader; and only then is it moved into `autograded/`: that move is what makes it
graded. Killed at any moment, a re-run grades what has not been moved and changes nothing else.
"""

import contextlib
import json
import shutil
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, field

import nbformat
from nbgrader.api import MissingEntry

from .course import sentence
from .crew import Crew
from .execute import ENDED
from .ground.database import undisturbed
from .ground.files import whole, working_files
from .notebooks.versions import begun_with, lock, versions
from .office.freshness import NEW, OLDER, OUTDATED, digests, facts, freshness, grading_digest, worth
from .office.late import LatePolicy
from .office.lock import at_work
from .staging import STAGING, Stage, StagedAutograde, note_log, start
from .stopping import undivided
from .worker import Task


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


def grade(course, pairs, executor, *, sandbox=True, force=False, outdated=False, crowd=4, scope=()):
    """Grade the submissions `pairs` of (assignment, student); yield an Outcome for each as it is done.

    executor: a concurrent.futures.Executor, or anything with its `submit`; force, outdated: also what is graded, or
    graded with an older release; crowd: how many submissions are staged at once; scope: what was asked for, of which
    `force` that was stopped does the rest. Raises GradingError if nothing can be graded, or nothing more, and lets
    Stopped and KeyboardInterrupt through: what is done stays.
    """
    with at_work(course.root / STAGING) as staging, Crew(1, start) as stager:
        log = note_log(staging, "w")
        with course.gradebook() as gradebook:
            lock(gradebook, [n for assignment in gradebook.assignments for n in assignment.notebooks])
        converter = StagedAutograde(course, log)
        hidden = course.hidden()
        limits = dict(course.config.CourseExecute.limits)
        tests = {assignment: grading_digest(course, assignment) for assignment, _ in pairs}
        forced = Forced(staging, scope) if force else None
        todo, running = list(reversed(pairs)), {}
        while todo or running:
            while todo and len(running) < crowd:
                assignment, student = todo.pop()
                try:
                    noted = digests(course, assignment, student, tests[assignment])
                    again = force and not forced.has_done(assignment, student, noted)
                    known = not again and _entered(course, assignment, student)
                    age = freshness(course, assignment, student, **noted) if known else NEW
                except Exception as error:
                    log.exception("looking at %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", sentence(error))
                    continue
                if age == OUTDATED and not outdated:
                    yield _outcome(course, assignment, student, "outdated", f"{OLDER}; --outdated grades it again")
                    continue
                if age not in (NEW, OUTDATED):
                    why = "graded by the --force that was stopped" if force else "already graded"
                    yield _outcome(course, assignment, student, "skipped", f"{why}; --force grades it again")
                    continue
                try:
                    staged = stager.submit(Stage(course.root.absolute(), assignment, student))
                    readable, remark, notebook = staged.result()
                    content, files = notebook.read_text("utf-8"), working_files(notebook.parent)
                except Exception as error:
                    log.exception("staging %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", sentence(error))
                    continue
                task = Task(content, files, hidden, limits, sandbox, course.preload())
                running[executor.submit(task)] = (assignment, student, notebook, readable, remark, noted)
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                assignment, student, notebook, readable, remark, noted = running.pop(future)
                try:
                    result = future.result()
                    executed = nbformat.reads(result.notebook, 4)
                    executed.metadata.grader.update(noted)
                    then = facts(course, assignment, student)
                    same = then.get("work") == noted["work"]
                    with undivided():
                        with _points_by_hand(course, assignment, student, same, then.get("points", {})) as by_hand:
                            undisturbed(converter.save, assignment, student, notebook, executed)
                        _move(notebook.parent, course.folder("autograded", student, assignment), staging)
                    shutil.rmtree(staging / "submitted" / student / assignment)
                except Exception as error:
                    log.exception("grading %s of %s", assignment, student)
                    yield Outcome(assignment, student, "failed", sentence(error))
                    continue
                state = "unreadable" if not readable else "stopped" if result.stopped else "graded"
                said = [remark or ENDED.get(result.stopped, ""), *by_hand]
                outcome = _outcome(course, assignment, student, state, " ".join(filter(None, said)))
                outcome.seconds, outcome.memory_mb = result.seconds, result.memory_mb
                outcome.executions = executed.metadata.grader.executions
                if forced:
                    forced.note(assignment, student, noted)
                yield outcome
        if forced:
            forced.end()


@contextlib.contextmanager
def _points_by_hand(course, assignment, student, same, points):
    """See to the points given by hand while new grades are saved; yields a list, in the end of what there is to say.

    nbgrader lets them stand and asks the instructor to look at each again. That is so where the answer has changed,
    unless the tests give it as many points or more: those count; and where the cell is worth other points now.
    same: the work is what was graded before; points: what its cells were worth then, {grade_id: points}.
    """
    said = []
    with course.gradebook() as gradebook:
        old = {g.name: (g.manual_score, g.needs_manual_grade) for g in _grades(gradebook, assignment, student)}
    yield said
    old = {name: given for name, given in old.items() if given[0] is not None}
    with course.gradebook() as gradebook:
        for grade in _grades(gradebook, assignment, student):
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


def _entered(course, assignment, student):
    """Tell whether the gradebook knows a submission: if not, it is not graded, whatever lies in `autograded/`."""
    with course.gradebook() as gradebook:
        try:
            gradebook.find_submission(assignment, student)
        except MissingEntry:
            return False
        return True


def _grades(gradebook, assignment, student):
    try:
        return [grade for n in gradebook.find_submission(assignment, student).notebooks for grade in n.grades]
    except MissingEntry:
        return []


def _move(folder, target, staging):
    """Put `folder` in the place of `target`; until its last step the submission counts as not graded."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = staging / "replaced"
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        shutil.rmtree(old)
    folder.rename(target)


def _outcome(course, assignment, student, state, detail):
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return Outcome(assignment, student, state, detail)
        late, off = LatePolicy(config=course.config).seconds(submission), submission.late_submission_penalty or 0.0
        known = versions(gradebook.find_notebook(assignment, assignment))
        then = facts(course, assignment, student)
        score, most = max(submission.score - off, 0.0), worth(submission, then.get("points", {}))
    outcome = Outcome(assignment, student, state, detail, score, most, late)
    outcome.penalty, outcome.started, outcome.broken = off, begun_with(then, known), then.get("broken", [])
    return outcome


class Forced:
    """What a `--force` has done so far, in a file: the same one, after it was stopped, goes on with the rest."""

    def __init__(self, staging, scope):
        self.path, self.scope = staging / "forced.json", [sorted(part) for part in scope]
        try:
            known = json.loads(self.path.read_text("utf-8"))
            self.done = known["done"] if known["scope"] == self.scope else {}
        except (OSError, ValueError, LookupError, TypeError):
            self.done = {}

    def has_done(self, assignment, student, noted):
        """Tell whether a submission, and what grades it, are those that have been graded."""
        return self.done.get(f"{student}/{assignment}") == noted

    def note(self, assignment, student, noted):
        """Note that a submission has been graded."""
        self.done[f"{student}/{assignment}"] = noted
        with whole(self.path) as part:
            part.write_text(json.dumps({"scope": self.scope, "done": self.done}), "utf-8")

    def end(self):
        """Forget it all: the next one begins anew."""
        self.path.unlink(missing_ok=True)
