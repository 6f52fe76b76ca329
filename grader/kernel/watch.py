"""A kernel and all its processes: watched, measured, stopped at their limits."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import psutil

from .bubblewrap import subordinates
from .limits import Limits, Stop
from .measuring import held, held_within, memory, network_buffers, waits

START_SECONDS = 600  # for the imports of the warm process, and for the start of a kernel, on a very busy machine
WATCH_SECONDS = 0.25  # between two looks at a kernel
WEIGH_EVERY = 8  # looks: to weigh what processes share holds them up


class StartError(RuntimeError):
    """A process that runs notebooks did not start, for no reason of the notebook's: another attempt may succeed."""


@dataclass
class Usage:
    """What a notebook has taken: seconds of time and of processor, and the most memory in MB (its share of what it
    has in common with the warm process included, and what Linux may hold for it)."""

    wall_seconds: float = 0
    cpu_seconds: float = 0
    peak_memory_mb: float = 0


@dataclass(frozen=True)
class Moment:
    """A point in a kernel's life, in seconds since its start: real ones, those of its Clock, and of processor."""

    real: float
    clock: float
    cpu: float

    def since(self, start: "Moment") -> "Moment":
        """Return what lies between two moments, as a Moment."""
        return Moment(self.real - start.real, self.clock - start.clock, self.cpu - start.cpu)

    def over(self, seconds: float, factor: float) -> str | None:
        """Return the limit that this much time is over, in Spanish, or None. seconds: of the Clock; factor: as many
        times that in real ones is a limit too."""
        if self.clock > seconds:
            return f"{seconds:g} s de {'procesador' if self.cpu > 0.5 * self.clock else 'reloj'}"
        return f"{factor * seconds:g} s de reloj" if self.real > factor * seconds else None


class Clock:
    """Seconds that a kernel has had to work or to wait: real ones, without those in which its threads only stood in
    line for a processor that other programs had."""

    def __init__(self, now: float) -> None:
        self.seconds = 0.0
        self._seen = now
        self._waits: dict[str, float] = {}

    def advance(self, now: float, got: float, waits: dict[str, float], counts: bool = True) -> None:
        """Go on to `now`, in real seconds. got: seconds of processor since the last time; waits: as of `_waits`;
        counts: whether this time counts at all.

        Whoever got a whole processor lacked nothing, however many threads stood in line.
        """
        passed, self._seen = now - self._seen, now
        waited = sum(max(seconds - self._waits.get(task, 0), 0) for task, seconds in waits.items())
        self._waits = waits
        if counts:
            self.seconds += min(passed, max(got, passed - waited))


class Home(Protocol):
    """What a Kernel knows of its Slot."""

    sandboxed: bool
    process: Any  # subprocess.Popen, as long as there are kernels
    kernels: "set[Kernel]"


class Kernel:
    """A kernel and all its processes, watched by a thread until they have ended.

    limit_hit: the Stop that has ended it, if one has; limit_text: of Stop.WALL, as `Moment.over` puts it; exit_code:
    None while it runs, negative for a signal; usage: a Usage, up to date to a fraction of a second; idle: set by
    whoever asks nothing of it for a while, so that its Clock stands still. Raises StartError if it does not start.
    """

    def __init__(self, slot: Home, folder: Path, line: socket.socket, limits: Limits) -> None:
        self.slot, self.folder, self.limits = slot, folder, limits
        self.address = str(folder / "k")
        self.limit_hit: Stop | None = None
        self.limit_text: str | None = None
        self.exit_code: int | None = None
        self.usage = Usage()
        self.idle = False
        self.ended = threading.Event()
        self._line, self._lock, self._written = line, threading.Lock(), 0
        self._looks = 0
        self._held: float = 0
        self._line.settimeout(START_SECONDS)
        text, self._pidfds, _, _ = socket.recv_fds(line, 65536, 2)
        if len(self._pidfds) != 2:
            self._fail(text)
        self._pids = [_pid(fd) for fd in self._pidfds]  # supervisor, kernel
        self.started = time.monotonic()
        self._clock = Clock(self.started)
        told = self._line.recv(65536)
        if b'"ready"' not in told:
            self.kill()
            self._fail(told)
        threading.Thread(target=self._watch, name="watch kernel", daemon=True).start()

    @property
    def pid(self) -> int:
        """The kernel's process, by its number on the host."""
        return self._pids[1]

    def _fail(self, text: bytes) -> NoReturn:
        for fd in (*self._pidfds, self._line.detach()):
            os.close(fd)
        shutil.rmtree(self.folder, ignore_errors=True)
        if not text:
            raise ConnectionError("the warm process has ended")
        detail = str(json.loads(text).get("detail", text)).strip().splitlines()
        raise StartError(f"the kernel did not start: {detail[-1][:300] if detail else ''}")

    def interrupt(self, signum: int = signal.SIGINT) -> None:
        """Send a signal to the kernel and its process group, as Jupyter does."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self.ended.is_set():
                signal.pidfd_send_signal(self._pidfds[1], 0)  # not a later process of this number
                os.killpg(self._pids[1], signum)

    def kill(self, why: Stop | None = None) -> None:
        """Kill every process of the notebook; why: the limit that is the reason. Returns at once."""
        with self._lock, contextlib.suppress(ProcessLookupError, psutil.Error):
            if self.ended.is_set():
                return
            self.limit_hit = self.limit_hit or why
            if self.slot.sandboxed:
                signal.pidfd_send_signal(self._pidfds[0], signal.SIGKILL)  # process 1: its namespace goes with it
            else:
                signal.pidfd_send_signal(self._pidfds[1], signal.SIGKILL)  # the supervisor ends the others

    def close(self) -> None:
        """Kill every process of the notebook, wait for their end, remove its files."""
        self.kill()
        self.ended.wait(10)
        self.slot.kernels.discard(self)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_alive(self) -> bool:
        """Tell whether the kernel's own process runs, whatever is left of its descendants."""
        poll = select.poll()
        with self._lock:
            if self.ended.is_set():
                return False
            poll.register(self._pidfds[1], select.POLLIN)
            return not poll.poll(0)

    def now(self) -> Moment:
        """Return the present Moment, up to date to WATCH_SECONDS or so."""
        return Moment(time.monotonic() - self.started, self._clock.seconds, self.usage.cpu_seconds)

    def count_output(self, size: int) -> None:
        """Note `size` more bytes that have come from it, and end the kernel when they are too many."""
        self._written += size
        if self._written > self.limits.output_wall_mb * 2**20:
            self.kill(Stop.OUTPUT)

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._pidfds[0], select.POLLIN)
        while not poll.poll(WATCH_SECONDS * 1000):
            try:
                self._look()
            except psutil.Error:
                pass
            except Exception:  # as where the machine is short of memory: nothing runs on unwatched
                self.kill(Stop.DEAD)
        self.usage.wall_seconds = time.monotonic() - self.started
        try:
            told = json.loads(self._line.recv(65536) or "{}")
        except OSError:
            told = {}
        self.usage.cpu_seconds = told.get("cpu_seconds", self.usage.cpu_seconds)
        if told.get("exit_code") == -signal.SIGXCPU:
            self.limit_hit = self.limit_hit or Stop.CPU
        with self._lock:
            self.exit_code = told.get("exit_code", -signal.SIGKILL)
            self.ended.set()
            for fd in (*self._pidfds, self._line.detach()):
                os.close(fd)

    def _look(self) -> None:
        """Add up what the processes use, as the host sees them; kill them over a limit."""
        begun, late, effort = time.monotonic(), False, time.thread_time()
        supervisor = psutil.Process(self._pids[0])
        tasks, cpu = 0, 0.0
        processes = [supervisor, *supervisor.children(recursive=True)]
        if len(processes) > self.limits.processes:  # each further look at them would give a fork bomb time to grow
            return self.kill(Stop.PROCESSES)
        for process in processes:
            with contextlib.suppress(psutil.Error):
                tasks += process.num_threads()
                cpu += sum(process.cpu_times()[:4])  # its own and of children that have ended
        got = max(cpu - self.usage.cpu_seconds, 0)
        self.usage.cpu_seconds += got
        self.usage.wall_seconds = begun - self.started
        self._clock.advance(begun, got, waits(process.pid for process in processes), counts=not self.idle)
        if tasks > self.limits.processes:
            return self.kill(Stop.PROCESSES)
        buffers = network_buffers(self._pids[0]) if self.slot.sandboxed else 0
        used = (sum(memory(process, shared=False) for process in processes) + buffers + self._held) / 2**20
        self._looks += 1
        if used > self.limits.memory_mb or self._looks % WEIGH_EVERY == 1:
            used = buffers / 2**20
            for process in processes:
                late = time.thread_time() > effort + 1  # so many that the exact measure takes too long
                used += memory(process, shared=not late) / 2**20
            if self.slot.sandboxed and subordinates():
                self._held = held_within(self.slot.process.pid, processes[1:], max(effort + 2 - time.thread_time(), 0))
            else:
                self._held = held(processes[1:], effort + 2)  # the supervisor hides itself
            used += self._held / 2**20
            self.usage.peak_memory_mb = max(used, self.usage.peak_memory_mb)
        if used > self.limits.memory_mb:
            self.kill(Stop.PROCESSES if late else Stop.MEMORY)
        elif over := self.now().over(self.limits.wall_seconds, self.limits.busy_factor):
            self.limit_text = over
            self.kill(Stop.WALL)
        elif cpu > self.limits.cpu_seconds:
            self.kill(Stop.CPU)


def _pid(pidfd: int) -> int:
    """Return the process number, as this process sees it, of a pidfd."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pid:")).split()[1])
