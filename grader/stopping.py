"""Programs that Ctrl-C or SIGTERM ends within seconds, whatever they are doing, with no process left behind.

The first signal raises Stopped wherever the program is; a thread ends it after GRACE seconds, should it then be waiting
in code that does not look at signals, as for a locked gradebook. All further signals are passed over.
"""

import atexit
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

import psutil

from .ground.processes import end_descendants

GRACE = 2  # seconds
SAID = "Stopped. What is done stays; the same command does the rest."
SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST = 33  # characters of the folder of temporary ones: the names of sockets below have to be short
_SHOW_CURSOR = "\x1b[?25h"  # which a progress bar has hidden


class Stopped(BaseException):
    """The program is to end; no error, and none that code takes for Ctrl-C, as click would."""


class _State:
    undivided = 0  # how many `undivided` are under way
    stopped: int | None = None  # the signal
    ending = threading.Lock()


def run(command: Callable[[], object]) -> None:
    """Run a function without arguments, such that a signal ends it and all that has come from it."""
    base = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="grader-", dir=base if len(base) <= LONGEST else "/tmp")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TMPDIR"] = tempfile.tempdir = folder  # of all processes of this run, to be removed with it
    _listen(folder)
    try:
        command()
    except Stopped:
        _end(folder)
    finally:
        _State.undivided += 1  # what Python does at its end is done


@contextlib.contextmanager
def undivided() -> Iterator[None]:
    """Put off Stopped until what is done herein is done, unless that takes too long."""
    _State.undivided += 1
    try:
        yield
    finally:
        _State.undivided -= 1
        if _State.stopped and not _State.undivided:
            raise Stopped


def _listen(folder: str) -> None:
    """Hear the SIGNALS, but those that this process was told not to hear."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)  # in C, whatever the program is in
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    threading.Thread(target=_watch, args=(reader, folder), name="watch signals", daemon=True).start()


def _stop(number: int, _: FrameType | None) -> None:
    first, _State.stopped = not _State.stopped, _State.stopped or number
    if first and not _State.undivided:
        raise Stopped


def _watch(reader: socket.socket, folder: str) -> None:
    while (number := reader.recv(1)[0]) not in SIGNALS:
        pass
    time.sleep(GRACE)
    _State.stopped = _State.stopped or number
    _end(folder)


def _end(folder: str) -> NoReturn:
    """End this process and all that have come from it, remove the temporary files, say what to do."""
    if not _State.ending.acquire(blocking=False):
        threading.Event().wait()  # the other thread does it
    end_descendants(psutil.Process())
    with contextlib.suppress(OSError, ValueError):
        print(*[_SHOW_CURSOR] * sys.stdout.isatty(), SAID, sep="", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    assert _State.stopped is not None  # else there is no Stopped
    os._exit(128 + _State.stopped)
