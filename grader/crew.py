"""Worker processes for a class, each of which may run on or be killed without the others."""

import concurrent.futures as futures
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.context import ForkServerContext
from queue import SimpleQueue
from typing import Protocol, Self, TypeVar, cast

import psutil

from . import worker
from .course import GradingError
from .ground.processes import end_descendants
from .judging import JudgeError
from .kernel.watch import StartError

STARTS = 5  # attempts to start a process, a second apart
_Result = TypeVar("_Result")
_Result_co = TypeVar("_Result_co", covariant=True)


class Job(Protocol[_Result_co]):
    """A task for a Crew."""

    @property
    def seconds(self) -> float:
        """Real seconds, after which its worker is taken to hang."""

    def __call__(self) -> _Result_co:
        """Do it."""


class Crew:
    """An executor, as of concurrent.futures, of `size` processes; usable as a context manager.

    start: what each process calls first.

    A task whose worker is killed is given to another one, once. Tasks are callables that can be pickled, with the
    attribute `seconds`: after so many real ones their worker is taken to hang.
    """

    def __init__(self, size: int, start: Callable[[], None] = worker.start) -> None:
        context = get_context("forkserver")  # a fork of this process would share the gradebook
        # the last one for hidden tests
        context.set_forkserver_preload(["grader.worker", "grader.staging", "sklearn.datasets"])
        _start_servers()
        self._workers = [_Worker(context, start) for _ in range(size)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for each in self._workers:
            self._idle.put(each)
        self._threads = futures.ThreadPoolExecutor(size)

    def submit(self, task: Job[_Result]) -> futures.Future[_Result]:
        """Return the Future of task(); it may raise a GradingError."""
        return self._threads.submit(self._run, task)

    def _run(self, task: Job[_Result]) -> _Result:
        worker = self._idle.get()
        try:
            return worker.run(task)
        finally:
            self._idle.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._threads.shutdown()
            for each in self._workers:
                each.close()
            return
        self._threads.shutdown(wait=False, cancel_futures=True)  # one may wait for a process that just starts
        for each in self._workers:
            each.end()


def _start_servers() -> None:
    """Start what multiprocessing forks from and cleans up with: deaf to Ctrl-C, which this process answers, and without
    a word on the terminal."""
    if threading.current_thread() is not threading.main_thread():
        return
    handler, stderr = signal.signal(signal.SIGINT, signal.SIG_IGN), os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        resource_tracker.ensure_running()
        forkserver.ensure_running()
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(null)
        signal.signal(signal.SIGINT, handler)


class _Worker:
    """One process, started when first needed and again when it has ended."""

    def __init__(self, context: ForkServerContext, start: Callable[[], None]) -> None:
        self._context, self._start, self._ended = context, start, False
        self._executor: futures.ProcessPoolExecutor | None = None
        self._process: psutil.Process | None = None

    def run(self, task: Job[_Result]) -> _Result:
        """Return task(), done in the process. Raises GradingError, or what the task raises."""
        for attempt in (1, 2):
            try:
                future = self._started().submit(task)
                futures.wait([future], task.seconds)
                if not future.done():
                    self._kill()
                    raise GradingError(f"It took more than {task.seconds:.0f} s, and was ended.")
                return future.result()
            except (BrokenProcessPool, JudgeError, StartError) as error:
                self._kill()
                if attempt == 2 or self._ended:
                    raise GradingError(
                        f"A process that it needs was killed, or did not start, twice ({error}). If memory is short, "
                        "grade with fewer --workers; the same command does what is left."
                    ) from None
        raise AssertionError("the second attempt returns or raises")

    def close(self) -> None:
        """Let the process end by itself."""
        if self._executor is not None:
            self._executor.shutdown()

    def end(self) -> None:
        """End the process, whatever it does, for good; one that just starts ends as soon as it has."""
        self._ended = True
        self._kill()

    def _started(self) -> futures.ProcessPoolExecutor:
        """Return the executor with its process. Where the server that forks processes is just dying, it takes some
        attempts."""
        for attempt in range(STARTS):
            if self._executor is not None:
                break
            try:
                executor = self._executor = futures.ProcessPoolExecutor(1, self._context, initializer=self._start)
                self._process = psutil.Process(executor.submit(os.getpid).result())
                if self._ended:  # meanwhile
                    raise BrokenProcessPool("it was ended")
            except (BrokenProcessPool, futures.CancelledError, OSError, EOFError, psutil.Error) as error:
                self._kill()
                if attempt == STARTS - 1 or self._ended:
                    raise BrokenProcessPool(f"no process can be started: {error}") from error
                time.sleep(1)
        return cast(futures.ProcessPoolExecutor, self._executor)  # None if `end` has come in between

    def _kill(self) -> None:
        executor, self._executor = self._executor, None
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(psutil.Error):
                end_descendants(process)
                process.kill()
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)
