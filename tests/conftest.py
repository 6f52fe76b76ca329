"""A class graded once for all tests, a browser, and the order in which tests run."""

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from xdist.scheduler import LoadScopeScheduling

from grader.calibration.known import alone, brief, build, find, reference, together

from .course import (
    ALL_EXECUTED,
    ASSIGNMENTS,
    ATTACKS,
    DRAWN_SEEDS,
    FIXED_SEED,
    QUICK,
    SUBMISSIONS,
    cannot_test,
    drawn,
    grade,
    hand_in,
    new_course,
    notebook,
)
from .hub.browser import CHROMIUM, NO_CHROMIUM, chromium

CLASS = ("test_feedback", "test_grading", "test_release", "test_report", "test_skipping")
"""Modules that look at the class that `graded` grades, so that one process runs them all."""
LONG = ("class", "test_attacks_deny", "test_kit", "hub", "test_attacks", "test_attacks_robust", "test_year")
"""Groups of tests that take long: they are begun first (see pytest_collection_modifyitems)."""


def group(path):
    """Return what shares a course, a server or a class: a module's name, "hub" or "class"."""
    path = Path(path)
    return "hub" if path.parent.name == "hub" else "class" if path.stem in CLASS else path.stem


class Groups(LoadScopeScheduling):
    """Keeps a group of tests in one process; pytest-xdist's own, --dist loadgroup, do nothing with pytest 9.2."""

    def _split_scope(self, nodeid):
        return group(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config, log):
    return Groups(config, log)


def pytest_pycollect_makemodule(module_path):
    """Import no attack: there are fork bombs among them."""
    if ATTACKS in module_path.parents:
        raise pytest.UsageError(f"{module_path.name} is no test: tests/test_attacks*.py hand it in.")


def pytest_collection_modifyitems(items):
    """Begin with the groups that take long."""
    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs.get("graded", ())
        if fixtures and fixtures[-1].scope == "session" and group(item.path) != "class":
            raise pytest.UsageError(f"{item.path.stem} looks at the class: add it to CLASS in {__file__}.")
    groups = {item: group(item.path) for item in items}
    items.sort(key=lambda item: LONG.index(groups[item]) if groups[item] in LONG else len(LONG))


@pytest.fixture(scope="session")
def window(tmp_path_factory):
    """A function that opens a window of the browser."""
    if not CHROMIUM:
        cannot_test([NO_CHROMIUM])
    with chromium(tmp_path_factory.mktemp("windows")) as window:
        yield window


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """Grade every known-outcome submission in brief, the wrong ones with their own exercises alone, as many in a
    notebook as have none in common; some of all whole and with a seed drawn for this run, the references with several
    seeds, and the untouched notebooks."""
    course = new_course(tmp_path_factory.mktemp("course"))
    students, holders = {}, {}
    for assignment in ASSIGNMENTS:
        source, release = notebook("source", assignment), notebook("release", assignment)
        known = find(SUBMISSIONS, assignment)
        joint = together([submission for submission in known if submission.kind == "wrong"], source)
        handed_in = [(submission, FIXED_SEED, True) for submission in known if submission.kind != "wrong"]
        handed_in += [(submission, FIXED_SEED, True) for submission in joint]
        handed_in += [(submission, DRAWN_SEEDS[0], False) for submission in drawn(assignment)]
        handed_in += [(reference(assignment), seed, False) for seed in (FIXED_SEED, *DRAWN_SEEDS)]
        handed_in += [(reference(assignment, "untouched"), FIXED_SEED, False)]
        for submission, seed, in_brief in handed_in:
            names = submission.name.split("+")
            student = f"{names[0]}-{submission.rest}-{seed}"
            elsewhere = in_brief and submission.kind == "wrong" and "standardise" not in submission.cells
            quick = QUICK.get(assignment, {}) if elsewhere else {}
            nb = build(replace(submission, cells={**quick, **submission.cells}), source, release, seed)
            if in_brief:
                nb = brief(nb)
                if submission.kind == "wrong":
                    nb = alone(nb, submission, source, release)
                    nb.cells.insert(0, nbformat.v4.new_code_cell(ALL_EXECUTED))
            hand_in(course, student, assignment, nb)
            students[assignment, student] = submission
            holders |= {(assignment, name, submission.rest, seed): student for name in names}
    return replace(grade(course, students=students), holders=holders)
