"""One hub, one browser, two students and two instructors for all tests of this folder."""

import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ..course import BIN, ROOT, cannot_test
from .browser import CHROMIUM, NO_CHROMIUM, Visitor
from .server import CLOSED, GROUP, modes_kept, running_hub, set_up
from .users import users

STUDENTS = ("ada", "bruno")
INSTRUCTORS = INSTRUCTOR, COLLEAGUE = ("profesora", "ayudante")


def missing():
    """Return what the tests of the hub need and is not there, as sentences."""
    lacks = []
    if os.geteuid():
        lacks.append("They make users of the system: run them as root.")
    if not CHROMIUM:
        lacks.append(NO_CHROMIUM)
    if not (BIN / "configurable-http-proxy").exists():
        lacks.append("There is no configurable-http-proxy: install npm, then run `make .venv/hub`.")
    if not shutil.which("sqlite3"):
        lacks.append("There is no sqlite3: apt install sqlite3.")
    if not os.environ.get("CI"):
        lacks += [f"Other users cannot reach what they need: chmod o+x {folder}." for folder in unreachable()]
    return lacks


def unreachable():
    """Return the folders on the way to this checkout and to Python that other users may not enter."""
    ways = {folder for place in (ROOT, Path(sys.executable).resolve()) for folder in place.parents}
    return [folder for folder in sorted(ways) if not folder.stat().st_mode & stat.S_IXOTH]


@pytest.fixture(scope="session")
def shared():
    """A folder that all users can reach, for homes and the exchange; gone afterwards."""
    if lacks := missing():
        cannot_test(lacks)
    closed = unreachable()  # none but on CI, where nobody else is on the machine
    with modes_kept(closed), tempfile.TemporaryDirectory(prefix="hub-") as folder:
        for way in closed:
            way.chmod(way.stat().st_mode | stat.S_IXOTH)
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def people(shared):
    """Two students and two instructors, users of the system, as {name: User}."""
    with users((*STUDENTS, *INSTRUCTORS), shared) as made:
        yield made


@pytest.fixture(scope="session")
def new_place(people, tmp_path_factory):
    """A function that sets up a class, as documented, in a folder, and spoils the clone's own grader, which nobody may
    take for the installed one. The group is gone afterwards."""
    names = [people[name].name for name in INSTRUCTORS]

    def new(folder):
        place = set_up(folder, names)
        for path in (place.course / "grader").rglob("*.py"):
            path.write_text("raise SystemExit('This is the grader of the clone.')", "utf-8")
        return place

    with modes_kept(CLOSED):
        yield new
    subprocess.run(["groupdel", "--force", GROUP], check=False, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def instructor(people):
    """The instructor who does most."""
    return people[INSTRUCTOR]


@pytest.fixture(scope="session")
def hub(shared, new_place, tmp_path_factory):
    """The running hub; its log is in a folder that pytest keeps."""
    with running_hub(tmp_path_factory.mktemp("hub"), new_place(shared)) as hub:
        yield hub


@pytest.fixture(scope="session")
def visitor(hub, window):
    """A function that gives each user a window on the hub."""
    return functools.cache(lambda user: Visitor(window(), hub, user))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember the first test of a module that failed: the others continue its story."""
    report = yield
    if report.failed:
        item.parent.failed = getattr(item.parent, "failed", item.name)
    return report


def pytest_runtest_setup(item):
    """Do not go on with a story that has broken off."""
    if failed := getattr(item.parent, "failed", None):
        pytest.fail(f"The story broke off in {failed}.", pytrace=False)
