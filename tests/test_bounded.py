"""What the grader itself does with a student's work has limits: its processes may run on, grow or die."""

import os
import signal
import time
from dataclasses import dataclass

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.course import GradingError
from grader.crew import Crew
from grader.pages.feedback import FeedbackExporter
from grader.pages.results import Results
from grader.staging import start

from .course import ROOT, command


def grow():
    return len(bytearray(2**33))


def loop():
    while True:
        pass


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def fail():
    raise ValueError("no")


def unlike_any_other():
    class Error(Exception):  # cannot be pickled
        pass

    raise Error


def kind(function):
    """Return the name of what is raised, or what is returned."""
    try:
        return function()
    except Exception as error:
        return type(error).__name__


def page(end):
    """Make the page of a notebook, of which `end` becomes where its cells are shown."""
    make = HTMLExporter.from_notebook_node

    def dying(self, nb, resources=None, **kwargs):
        if not (resources or {}).get("without_cells"):
            end()
        return make(self, nb, resources, **kwargs)

    HTMLExporter.from_notebook_node = dying
    facts = {"results": Results("Título", [], 1, 2, 0, 0, "", "", ""), "grades": ""}
    text, resources = FeedbackExporter().from_notebook_node(new_notebook(cells=[new_markdown_cell("Hola")]), facts)
    return "<html" in text, "Hola" in text, resources["output_extension"]


def alone(code):
    """Return the value of an expression in a new process, as text: one with threads, as this, is not forked."""
    imports = "from grader.ground.bounded import apart; from tests.test_bounded import *"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {imports}; print({code})"
    return command("python", "-c", code, folder=ROOT).stdout.strip()


def test_what_is_called_apart_returns_what_it_returns_and_changes_nothing():
    assert alone("(here := [], apart(5, 500, lambda text: here.append(text) or text * 2, 'ab'))") == "([], 'abab')"
    assert alone("len(apart(5, 500, bytes, 10**7))") == str(10**7)


@pytest.mark.parametrize(
    ("function", "error"),
    [
        ("grow", "MemoryError"),
        ("loop", "TimeoutError"),
        ("die", "ChildProcessError"),
        ("unlike_any_other", "ChildProcessError"),
        ("fail", "ValueError"),
    ],
)
def test_what_is_called_apart_may_grow_run_on_or_die(function, error):
    assert alone(f"kind(lambda: apart(1, 500, {function}))") == error


@pytest.mark.parametrize("end", ["die", "grow"])
def test_a_page_that_cannot_be_made_is_one_without_cells(end):
    assert alone(f"page({end})") == "(True, False, '.html')"


def test_a_mistake_of_ours_in_a_page_is_not_hidden():
    assert alone("kind(lambda: page(fail))") == "ValueError"


@dataclass(frozen=True)
class Do:
    """A task of a crew that stages."""

    name: str
    seconds = 20

    def __call__(self):
        return {"grow": grow, "die": die, "sleep": lambda: time.sleep(60), "pid": os.getpid}[self.name]()


def test_a_process_that_stages_may_grow_hang_or_die():
    with Crew(1, start) as stager:
        first = stager.submit(Do("pid")).result()
        with pytest.raises(MemoryError):
            stager.submit(Do("grow")).result()
        assert stager.submit(Do("pid")).result() == first
        with pytest.raises(GradingError, match="killed, or did not start, twice"):
            stager.submit(Do("die")).result()
        with pytest.raises(GradingError, match="more than 20 s"):
            stager.submit(Do("sleep")).result()
        assert stager.submit(Do("pid")).result() != first
