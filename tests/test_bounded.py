"""What the grader itself does with a student's work has limits: its processes may run on, grow or die."""

import os
import signal
import time
from dataclasses import dataclass

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.bounded import apart
from grader.course import GradingError
from grader.crew import Crew
from grader.feedback import FeedbackExporter
from grader.results import Results
from grader.staging import start


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


def test_what_is_called_apart_returns_what_it_returns_and_changes_nothing():
    here = []
    assert apart(5, 500, lambda text: here.append(text) or text * 2, "ab") == "abab"
    assert here == []
    assert len(apart(5, 500, bytes, 10**7)) == 10**7


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (grow, MemoryError),
        (loop, TimeoutError),
        (die, ChildProcessError),
        (unlike_any_other, ChildProcessError),
        (fail, ValueError),
    ],
)
def test_what_is_called_apart_may_grow_run_on_or_die(function, error):
    with pytest.raises(error):
        apart(1, 500, function)


@pytest.mark.parametrize("end", [die, grow, fail])
def test_a_page_that_cannot_be_made_is_one_without_cells(monkeypatch, end):
    make = HTMLExporter.from_notebook_node

    def dying(self, nb, resources=None, **kwargs):
        if not (resources or {}).get("without_cells"):
            end()
        return make(self, nb, resources, **kwargs)

    monkeypatch.setattr(HTMLExporter, "from_notebook_node", dying)
    exporter, nb = FeedbackExporter(), new_notebook(cells=[new_markdown_cell("Hola")])
    facts = {"results": Results("Título", [], 1, 2, 0, 0, "", "", ""), "grades": ""}
    if end is fail:  # a mistake of ours is not hidden
        with pytest.raises(ValueError):
            exporter.from_notebook_node(nb, facts)
        return
    page, resources = exporter.from_notebook_node(nb, facts)
    assert "<html" in page and "Hola" not in page and resources["output_extension"] == ".html"


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
        with pytest.raises(GradingError, match="was killed, twice"):
            stager.submit(Do("die")).result()
        with pytest.raises(GradingError, match="more than 20 s"):
            stager.submit(Do("sleep")).result()
        assert stager.submit(Do("pid")).result() != first
