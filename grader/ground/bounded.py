"""Limits for what the grader itself does with a student's text: parsers whose cost is the square of it, for example."""

import contextlib
import html
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from typing import Any, NoReturn, ParamSpec, TypeVar, TypeVarTuple

import psutil
from jinja2 import pass_context
from jinja2.runtime import Context

from .processes import die_with_parent

PAGE_SECONDS, PIECE_SECONDS = 60, 5  # of the processor, to show a whole notebook, and one text of it
_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")
_Given = ParamSpec("_Given")


def apart(seconds: int, megabytes: int, function: Callable[[*_Arguments], _Result], *args: *_Arguments) -> _Result:
    """Return function(*args), called in a fork of this process that may die, so that nothing else is changed by it.

    seconds: of the processor; megabytes: of memory, besides what this process has. Raises TimeoutError, MemoryError,
    ChildProcessError if it dies, or what the function raises. A process with other threads cannot be forked safely: in
    one, the function is called as `within` does.
    """
    if threading.active_count() > 1:
        return within(seconds, function, *args)
    ours, theirs = Pipe(duplex=False)
    limit = psutil.Process().memory_info().vms + megabytes * 2**20
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            die_with_parent()
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))  # where the alarm is not heard
            theirs.send(_outcome(seconds, function, *args))
        finally:
            os._exit(0)
    theirs.close()
    error: Exception | None
    value: _Result
    try:
        error, value = ours.recv()
    except EOFError:
        raise ChildProcessError("the process has died") from None
    finally:
        ours.close()
        os.waitpid(pid, 0)
    if error is not None:
        raise error
    return value


def _outcome(
    seconds: float, function: Callable[[*_Arguments], _Result], *args: *_Arguments
) -> tuple[Exception, None] | tuple[None, _Result]:
    """Return (None, what the function returns) or (what it raises, None)."""
    try:
        return None, within(seconds, function, *args)
    except Exception as error:
        return error, None


class _TimeIsUp(BaseException):
    """Raised amid any code: nothing that handles errors is to take it for one of its own."""


def within(seconds: float, function: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
    """Return function(*args, **kwargs); raises TimeoutError after that many seconds of the processor.

    Only a program's main thread can be interrupted: in another one the function takes the time that it takes.
    """
    if threading.current_thread() is not threading.main_thread():
        return function(*args, **kwargs)
    try:
        with _alarm(seconds):
            return function(*args, **kwargs)
    except _TimeIsUp:
        raise TimeoutError(f"more than {seconds:g} s") from None


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def end(*_: object) -> NoReturn:
        raise _TimeIsUp

    started = time.process_time()
    handler = signal.signal(signal.SIGPROF, end)
    outer, _ = signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again each second, should the first be swallowed
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        if outer:
            signal.setitimer(signal.ITIMER_PROF, max(outer - (time.process_time() - started), 0.001), 1)


def bounded(render: Callable[..., str]) -> Callable[..., str]:
    """Make a Jinja filter of a function that is called with the context and a text and returns HTML.

    A text that takes too long is shown as it is written; all texts of a page have PAGE_SECONDS together.
    """

    @pass_context
    def jinja_filter(context: Context, source: str, **kwargs: Any) -> str:
        spent = context["resources"].setdefault("seconds_spent", [0.0])
        started = time.process_time()
        try:
            return within(max(min(PIECE_SECONDS, PAGE_SECONDS - spent[0]), 0.01), render, context, source, **kwargs)
        except (TimeoutError, RecursionError, MemoryError):
            return f"<pre>{html.escape(source, quote=False)}</pre>"
        finally:
            spent[0] += time.process_time() - started

    return jinja_filter
