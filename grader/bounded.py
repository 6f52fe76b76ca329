"""Limits for what the grader itself does with a student's text: parsers whose cost is the square of it, for example."""

import contextlib
import html
import signal
import threading
import time

from jinja2 import pass_context

PAGE_SECONDS, PIECE_SECONDS = 60, 5  # of the processor, to show a whole notebook, and one text of it


def within(seconds, function, *args, **kwargs):
    """Return function(*args, **kwargs); raises TimeoutError after that many seconds of the processor.

    Only a program's main thread can be interrupted: in another one the function takes the time that it takes.
    """
    if threading.current_thread() is not threading.main_thread():
        return function(*args, **kwargs)
    with _alarm(seconds):
        return function(*args, **kwargs)


@contextlib.contextmanager
def _alarm(seconds):
    def end(*_):
        raise TimeoutError(f"more than {seconds:g} s")

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


def shown(context, render, source):
    """Return HTML: render(source), or the source as it is where that takes too long.

    context: Jinja's, of the notebook's page, all texts of which have PAGE_SECONDS together.
    """
    spent = context["resources"].setdefault("seconds_spent", [0.0])
    started = time.process_time()
    try:
        return within(max(min(PIECE_SECONDS, PAGE_SECONDS - spent[0]), 0.01), render, source)
    except (TimeoutError, RecursionError, MemoryError):
        return f"<pre>{html.escape(source, quote=False)}</pre>"
    finally:
        spent[0] += time.process_time() - started


def bounded(render):
    """Make a Jinja filter of a function that is called with the context and a text and returns HTML."""

    @pass_context
    def jinja_filter(context, source, **kwargs):
        return shown(context, lambda text: render(context, text, **kwargs), source)

    return jinja_filter
