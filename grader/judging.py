"""Judge graded cells in a process of their own, which may run on, grow or die: a student's answers are in its hands.

A mother process, which has loaded what hidden tests use, forks a child for each cell. The child runs the tests
(grader.verdict); its questions go through the mother to the process that has the notebook. The mother ends a child that
takes too long; a child that dies, or tests that end the process, break that cell's correction and nothing else.
"""

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from typing import Any

import psutil
from nbformat import NotebookNode

from .data import HIDDEN
from .ground.processes import die_with_parent
from .questions.student import StudentError, question, unpack
from .verdict import broken, judge

MEMORY_MB = 8192  # of address space, of which libraries take about a quarter
LOOK_SECONDS = 0.2
_QUOTED = re.compile(r"[`'](\w+)")
_mother: "Connection[Any, Any] | None" = None
Verdict = tuple[list[NotebookNode], dict[str, dict[str, float]]]  # the outputs of a cell, and what it measured


class JudgeError(RuntimeError):
    """The mother process has died, for no reason of the notebook's: the notebook is to be graded anew."""


def fork_mother() -> None:
    """Start the mother of this process's judges, as a fork of it: only while it has no other threads."""
    global _mother
    ours, theirs = Pipe()
    if os.fork() == 0:
        try:
            ours.close()
            die_with_parent()
            _serve(theirs)
        finally:
            os._exit(0)
    theirs.close()
    _mother = ours


def verdict(
    cell: NotebookNode, answer: Callable[[str, str], tuple[str, list[Any]]], seconds: float, busy_factor: float
) -> Verdict:
    """Return (outputs, measures) of a graded cell, as grader.verdict.judge gives them.

    answer: a function of a dotted name and a question (grader.questions.student), that returns the answer as text and
    a list of names that the notebook has deleted, or raises StudentError; seconds: of the processor that the tests
    may take, or busy_factor times as many real ones, besides what the answers take. Raises JudgeError.
    """
    global _mother
    try:
        _mother = _mother or _spawn_mother()
        _mother.send((cell, os.environ.get(HIDDEN), seconds, busy_factor))
        while True:
            kind, *content = _mother.recv()
            if kind == "verdict":
                return tuple(content)
            try:
                _mother.send(("answer", *answer(*content)))
            except StudentError as error:
                _mother.send(("error", str(error), []))
    except (EOFError, OSError) as error:
        _mother = None
        raise JudgeError(f"the process that judges has died ({type(error).__name__})") from error
    except BaseException:
        _mother = None  # its questions and answers are out of step
        raise


def _spawn_mother() -> "Connection[Any, Any]":
    """Start the mother as a new program: slower than a fork, and safe in a process with threads."""
    ours, theirs = socket.socketpair()
    subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is not meant for it
    )
    theirs.close()
    return Connection(ours.detach())


def _serve(connection: "Connection[Any, Any]") -> None:
    """Be the mother, until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            cell, hidden, seconds, busy_factor = connection.recv()
            os.environ.pop(HIDDEN, None)
            os.environ |= {HIDDEN: hidden} if hidden else {}
            for _ in range(2):  # what has killed a child may not have meant it: memory is short, for example
                result = _in_child(cell, connection, seconds, busy_factor)
                if result is not None:
                    break
            else:
                result = broken("se ha roto: su proceso ha muerto"), {}
            connection.send(("verdict", *result))


def _in_child(
    cell: NotebookNode, connection: "Connection[Any, Any]", seconds: float, busy_factor: float
) -> Verdict | None:
    """Return the child's (outputs, measures), or None if it has died."""
    ours, theirs = Pipe()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            connection.close()
            die_with_parent()
            _judge(cell, theirs)
        finally:
            os._exit(0)
    theirs.close()
    try:
        child, left = psutil.Process(pid), busy_factor * seconds
        while True:
            started = time.monotonic()
            ready = ours.poll(LOOK_SECONDS)
            left -= time.monotonic() - started
            if ready:
                kind, *content = ours.recv()
                if kind == "verdict":
                    return tuple(content)
                connection.send((kind, *content))
                ours.send(connection.recv())
            if left < 0 or sum(child.cpu_times()[:2]) > seconds:
                return broken(f"ha pasado de {seconds:g} s"), {}
    except (EOFError, OSError, psutil.Error):
        return None
    finally:
        os.kill(pid, signal.SIGKILL)  # it has not been waited for, so its number is still its own
        os.waitpid(pid, 0)
        ours.close()


class _Remote:
    """The notebook, as the child asks it."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection

    def ask(
        self, path: str, args: tuple[Any, ...] | None, kwargs: dict[str, Any] | None, seed: int | None = None
    ) -> Any:
        self._connection.send(("question", path, question(path, args, kwargs, seed)))
        kind, text, lost = self._connection.recv()
        if kind == "error":
            raise StudentError(text)
        try:
            return unpack(path, text)
        except StudentError as error:
            names = [name for name in _QUOTED.findall(str(error)) if name in lost]
            if not names:
                raise
            hint = f"Una celda tuya borra `{names[0]}` (`%reset`, `del` o parecido): quítala, o ponla al principio."
            raise StudentError(f"{error} {hint}") from None


def _judge(cell: NotebookNode, connection: "Connection[Any, Any]") -> None:
    """Be a child: send the verdict on `cell`."""
    limit = MEMORY_MB * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    outputs = judge(cell, _Remote(connection))
    connection.send(("verdict", outputs, cell.metadata.get("measured", {})))


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
