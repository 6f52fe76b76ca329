"""One hub, one browser, two students and an instructor for all tests of this folder."""

import functools
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from ..conftest import BIN, ROOT, cannot_test, new_course
from .browser import CHROMIUM, NO_CHROMIUM, Visitor
from .server import modes_kept, running_hub
from .users import User, users

STUDENTS = ("ada", "bruno")
INSTRUCTOR = "profesora"


def missing():
    """Return what the tests of the hub need and is not there, as sentences."""
    lacks = []
    if os.geteuid():
        lacks.append("They make users of the system: run them as root.")
    if not CHROMIUM:
        lacks.append(NO_CHROMIUM)
    if not (BIN / "configurable-http-proxy").exists():
        lacks.append("There is no configurable-http-proxy: install npm, then run `make .venv/hub`.")
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
    """Two students and an instructor, users of the system, as {name: User}."""
    with users((*STUDENTS, INSTRUCTOR), shared) as made:
        yield made


@pytest.fixture(scope="session")
def instructor(people):
    """The instructor, with the course at home."""
    user: User = people[INSTRUCTOR]
    course = user.home / "redes-neuronales"
    course.mkdir(mode=0o700)
    new_course(course, assignments=[])
    for path in (course, *course.rglob("*")):
        shutil.chown(path, user.name, user.name)
    return user


@pytest.fixture(scope="session")
def hub(shared, instructor, tmp_path_factory):
    """The running hub; its log is in a folder that pytest keeps."""
    with running_hub(tmp_path_factory.mktemp("hub"), shared / "exchange", instructor) as hub:
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
