"""Processes: what runs tasks in them, and that they end with the one that has started them."""

import contextlib
import ctypes
import os
from concurrent.futures import Future
from typing import Any, Protocol

import psutil

_PDEATHSIG = 1  # of prctl, linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


class Executor(Protocol):
    """What runs tasks: a grader.crew.Crew, or one of concurrent.futures."""

    def submit(self, task: Any, /) -> Future[Any]:
        """Return the Future of task()."""


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    if _libc.prctl(_PDEATHSIG, ctypes.c_ulong(9), 0, 0, 0) == -1:
        raise OSError(ctypes.get_errno(), f"prctl: {os.strerror(ctypes.get_errno())}")


def end_descendants(process: psutil.Process) -> None:
    """Kill all that has come from a psutil.Process, but what cleans up for multiprocessing: it ends by itself."""
    from multiprocessing import resource_tracker  # not before `main`: what it does at Python's end needs the folder

    cleaner = getattr(resource_tracker._resource_tracker, "_pid", None)
    with contextlib.suppress(psutil.Error):
        found = [child for child in process.children(recursive=True) if child.pid != cleaner]
        for child in found:
            with contextlib.suppress(psutil.Error):
                child.kill()
