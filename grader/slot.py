"""The warm process of a worker, and the kernels it forks: watched, stopped at their limits.

with Slot() as slot:
    kernel = slot.fork(Limits(), {"data.csv": b"..."}, key)
    kernel.limit_hit, kernel.usage  # why it was stopped, if it was; what it took
"""

import atexit
import contextlib
import functools
import io
import itertools
import json
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from . import sandbox
from .measuring import held, held_within, memory, network_buffers, waits

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}  # over ipc, endings of socket names
STACK = (  # modules of which the warm process imports all, so that no notebook has to wait for them
    *("keras", "tensorflow", "pandas", "sklearn.datasets", "sklearn.metrics", "sklearn.model_selection"),
    *("sklearn.preprocessing", "sklearn.linear_model", "sklearn.neural_network"),
)
START_SECONDS = 600  # for the imports of the warm process, and for the start of a kernel, on a very busy machine
WATCH_SECONDS = 0.25  # between two looks at a kernel
_numbers = itertools.count()  # of this process's kernels
WEIGH_EVERY = 8  # looks: to weigh what processes share holds them up


class StartError(RuntimeError):
    """A process that runs notebooks did not start, for no reason of the notebook's: another attempt may succeed."""


class Slot:
    """A warm process and the kernels it forks; usable as a context manager. Starts when first needed, and again
    should it have ended. sandbox: whether to run in bubblewrap; threads: of one TensorFlow or BLAS operation; preload:
    names of modules that it imports before."""

    def __init__(self, *, sandbox=True, threads=1, preload=STACK):
        self.sandboxed, self.threads, self.preload = sandbox, threads, preload
        self.process, self.control, self.folder = None, None, None
        self.kernels = set()
        self._count = 0
        self._lock = threading.Lock()
        self._starter = ThreadPoolExecutor(1)  # bwrap dies with the thread that started it: one that lasts

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Start the warm process, if it is not running, and wait for its imports (10 s or more).

        Raises SandboxUnavailable, or StartError with the last that the process wrote.
        """
        if self.is_alive():
            return
        if self.sandboxed:
            sandbox.check_sandbox()
        self.stop()
        # Descriptors on their way count per user: notebooks, with their lower limit, cannot use up what is needed here.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        base = tempfile.gettempdir()
        base = base if len(base) < 50 else "/tmp"  # Linux takes no more than 107 characters for a socket's name
        self.folder = Path(tempfile.mkdtemp(prefix="grader-", dir=base))
        shared, home = self.folder / "kernels", self.folder / "home"
        shared.mkdir()
        home.mkdir()
        argv, env = sandbox.python("grader.warm"), sandbox.environment(str(home), self.threads)
        if self.sandboxed:
            shared.chmod(0o711)  # each kernel's user goes through to its own
            argv, env = sandbox.command(str(shared), "grader.warm"), sandbox.environment(threads=self.threads)
        self.control, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as log, end:
            streams = {"stdin": end, "stdout": log, "stderr": log}
            started = self._starter.submit(
                subprocess.Popen, [*argv, *self.preload], env=env, cwd=self.folder, start_new_session=True, **streams
            )
            self.process = started.result()
            end.close()
            self.control.settimeout(START_SECONDS)
            with contextlib.suppress(TimeoutError, ConnectionError):
                if self.control.recv(16) == b"warm":
                    return
            self.stop()
            log.seek(0)
            lines = log.read()[-2000:].decode(errors="replace").strip().splitlines()
            raise StartError(f"the warm process did not start{f': {lines[-1][:300]}' if lines else ''}")

    def is_alive(self):
        """Tell whether the warm process runs."""
        return self.process is not None and self.process.poll() is None

    def fork(self, limits, files, key):
        """Return a fresh, running Kernel. files: a folder or {name: bytes}; key: of Jupyter's messages, ASCII.

        Raises ValueError if the files do not fit in the limits, StartError if the kernel does not start.
        """
        with _archive(files, limits) as archive:
            for attempt in (1, 2):
                with self._lock:
                    self.start()
                try:
                    return self._fork(limits, archive, key)
                except OSError:  # the warm process has just died
                    if attempt == 2:
                        raise StartError("the warm process ends whenever a kernel is to start") from None
                    self.process.kill()
                    self.process.wait()

    def _fork(self, limits, archive, key):
        self._count += 1
        folder = self.folder / "kernels" / str(self._count)
        folder.mkdir()
        request = {"ports": PORTS, "key": key, "limits": asdict(limits)}
        if self.sandboxed:  # the paths as they are in there
            request |= {"sockets": f"{sandbox.SOCKETS}/{folder.name}", "scratch": sandbox.SCRATCH}
            request |= {"address": f"{sandbox.SCRATCH}/sockets/k", "uid": sandbox.own_uid(next(_numbers))}
            folder.chmod(0o777)  # for whoever the kernel will be, in a folder that only we can reach
        else:
            request |= {"scratch": str(folder), "address": f"{folder}/k"}
        line, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        archive.seek(0)
        with end:
            socket.send_fds(self.control, [json.dumps(request).encode()], [end.fileno(), archive.fileno()])
        kernel = Kernel(self, folder, line, limits)
        self.kernels.add(kernel)
        return kernel

    def stop(self):
        """End every kernel and the warm process, remove their files."""
        for kernel in list(self.kernels):
            kernel.close()
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


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

    def since(self, start):
        """Return what lies between two moments, as a Moment."""
        return Moment(self.real - start.real, self.clock - start.clock, self.cpu - start.cpu)

    def over(self, seconds, factor):
        """Return the limit that this much time is over, in Spanish, or None. seconds: of the Clock; factor: as many
        times that in real ones is a limit too."""
        if self.clock > seconds:
            return f"{seconds:g} s de {'procesador' if self.cpu > 0.5 * self.clock else 'reloj'}"
        return f"{factor * seconds:g} s de reloj" if self.real > factor * seconds else None


class Clock:
    """Seconds that a kernel has had to work or to wait: real ones, without those in which its threads only stood in
    line for a processor that other programs had."""

    def __init__(self, now):
        self.seconds = 0.0
        self._seen, self._waits = now, {}

    def advance(self, now, got, waits, counts=True):
        """Go on to `now`, in real seconds. got: seconds of processor since the last time; waits: as of `_waits`;
        counts: whether this time counts at all.

        Whoever got a whole processor lacked nothing, however many threads stood in line.
        """
        passed, self._seen = now - self._seen, now
        waited = sum(max(seconds - self._waits.get(task, 0), 0) for task, seconds in waits.items())
        self._waits = waits
        if counts:
            self.seconds += min(passed, max(got, passed - waited))


class Kernel:
    """A kernel and all its processes, watched by a thread until they have ended.

    limit_hit: None, "memory", "processes", "wall", "cpu", "output" or "dead"; limit_text: of "wall", as `Moment.over`
    puts it; exit_code: None while it runs, negative for a signal; usage: a Usage, up to date to a fraction of a second;
    idle: set by whoever asks nothing of it for a while, so that its Clock stands still. Raises StartError if it
    does not start.
    """

    def __init__(self, slot, folder, line, limits):
        self.slot, self.folder, self.limits = slot, folder, limits
        self.address = str(folder / "k")
        self.limit_hit, self.limit_text, self.exit_code, self.usage = None, None, None, Usage()
        self.idle = False
        self.ended = threading.Event()
        self._line, self._lock, self._written = line, threading.Lock(), 0
        self._looks, self._held = 0, 0
        self._line.settimeout(START_SECONDS)
        text, self._pidfds, _, _ = socket.recv_fds(line, 65536, 2)
        if len(self._pidfds) != 2:
            self._fail(text)
        self._pids = [_pid(fd) for fd in self._pidfds]  # supervisor, kernel
        self._started = time.monotonic()
        self._clock = Clock(self._started)
        told = self._line.recv(65536)
        if b'"ready"' not in told:
            self.kill()
            self._fail(told)
        threading.Thread(target=self._watch, name="watch kernel", daemon=True).start()

    @property
    def pid(self):
        """The kernel's process, by its number on the host."""
        return self._pids[1]

    def _fail(self, text):
        for fd in (*self._pidfds, self._line.detach()):
            os.close(fd)
        shutil.rmtree(self.folder, ignore_errors=True)
        if not text:
            raise ConnectionError("the warm process has ended")
        detail = str(json.loads(text).get("detail", text)).strip().splitlines()
        raise StartError(f"the kernel did not start: {detail[-1][:300] if detail else ''}")

    def interrupt(self, signum=signal.SIGINT):
        """Send a signal to the kernel and its process group, as Jupyter does."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self.ended.is_set():
                signal.pidfd_send_signal(self._pidfds[1], 0)  # not a later process of this number
                os.killpg(self._pids[1], signum)

    def kill(self, why=None):
        """Kill every process of the notebook; why: the limit that is the reason. Returns at once."""
        with self._lock, contextlib.suppress(ProcessLookupError, psutil.Error):
            if self.ended.is_set():
                return
            self.limit_hit = self.limit_hit or why
            if self.slot.sandboxed:
                signal.pidfd_send_signal(self._pidfds[0], signal.SIGKILL)  # process 1: its namespace goes with it
            else:
                signal.pidfd_send_signal(self._pidfds[1], signal.SIGKILL)  # the supervisor ends the others

    def close(self):
        """Kill every process of the notebook, wait for their end, remove its files."""
        self.kill()
        self.ended.wait(10)
        self.slot.kernels.discard(self)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_alive(self):
        """Tell whether the kernel's own process runs, whatever is left of its descendants."""
        poll = select.poll()
        with self._lock:
            if self.ended.is_set():
                return False
            poll.register(self._pidfds[1], select.POLLIN)
            return not poll.poll(0)

    def now(self):
        """Return the present Moment, up to date to WATCH_SECONDS or so."""
        return Moment(time.monotonic() - self._started, self._clock.seconds, self.usage.cpu_seconds)

    def count_output(self, size):
        """Note `size` more bytes that have come from it, and end the kernel when they are too many."""
        self._written += size
        if self._written > self.limits.output_wall_mb * 2**20:
            self.kill("output")

    def _watch(self):
        poll = select.poll()
        poll.register(self._pidfds[0], select.POLLIN)
        while not poll.poll(WATCH_SECONDS * 1000):
            try:
                self._look()
            except psutil.Error:
                pass
            except Exception:  # as where the machine is short of memory: nothing runs on unwatched
                self.kill("dead")
        self.usage.wall_seconds = time.monotonic() - self._started
        try:
            told = json.loads(self._line.recv(65536) or "{}")
        except OSError:
            told = {}
        self.usage.cpu_seconds = told.get("cpu_seconds", self.usage.cpu_seconds)
        if told.get("exit_code") == -signal.SIGXCPU:
            self.limit_hit = self.limit_hit or "cpu"
        with self._lock:
            self.exit_code = told.get("exit_code", -signal.SIGKILL)
            self.ended.set()
            for fd in (*self._pidfds, self._line.detach()):
                os.close(fd)

    def _look(self):
        """Add up what the processes use, as the host sees them; kill them over a limit."""
        begun, late, effort = time.monotonic(), False, time.thread_time()
        supervisor = psutil.Process(self._pids[0])
        tasks, cpu = 0, 0.0
        processes = [supervisor, *supervisor.children(recursive=True)]
        if len(processes) > self.limits.processes:  # each further look at them would give a fork bomb time to grow
            return self.kill("processes")
        for process in processes:
            with contextlib.suppress(psutil.Error):
                tasks += process.num_threads()
                cpu += sum(process.cpu_times()[:4])  # its own and of children that have ended
        got = max(cpu - self.usage.cpu_seconds, 0)
        self.usage.cpu_seconds += got
        self.usage.wall_seconds = begun - self._started
        self._clock.advance(begun, got, waits(process.pid for process in processes), counts=not self.idle)
        if tasks > self.limits.processes:
            return self.kill("processes")
        buffers = network_buffers(self._pids[0]) if self.slot.sandboxed else 0
        used = (sum(memory(process, shared=False) for process in processes) + buffers + self._held) / 2**20
        self._looks += 1
        if used > self.limits.memory_mb or self._looks % WEIGH_EVERY == 1:
            used = buffers / 2**20
            for process in processes:
                late = time.thread_time() > effort + 1  # so many that the exact measure takes too long
                used += memory(process, shared=not late) / 2**20
            if self.slot.sandboxed and sandbox.subordinates():
                self._held = held_within(self.slot.process.pid, processes[1:], max(effort + 2 - time.thread_time(), 0))
            else:
                self._held = held(processes[1:], effort + 2)  # the supervisor hides itself
            used += self._held / 2**20
            self.usage.peak_memory_mb = max(used, self.usage.peak_memory_mb)
        if used > self.limits.memory_mb:
            self.kill("processes" if late else "memory")
        elif over := self.now().over(self.limits.wall_seconds, self.limits.busy_factor):
            self.limit_text = over
            self.kill("wall")
        elif cpu > self.limits.cpu_seconds:
            self.kill("cpu")


def default_slot(sandbox=True, preload=STACK):
    """Return the Slot, sandboxed or not, that this process uses for all its notebooks with these modules."""
    return _slot_of(os.getpid(), sandbox, tuple(preload))  # a fork must not share it


@functools.cache
def _slot_of(pid, sandbox, preload):
    slot = Slot(sandbox=sandbox, preload=preload)
    atexit.register(slot.stop)
    return slot


def _archive(files, limits):
    """Return a temporary tar file of a folder's regular files, links not followed, or of {name: bytes}."""
    files = files or {}
    if not isinstance(files, dict):
        paths = (Path(folder, name) for folder, _, names in os.walk(files) for name in names)
        files = {str(p.relative_to(files)): p for p in paths if p.is_file() and not p.is_symlink()}
    sizes = (len(content) if isinstance(content, bytes) else content.stat().st_size for content in files.values())
    if sum(sizes) > limits.scratch_mb * 2**20:
        raise ValueError(f"The notebook's files are larger than {limits.scratch_mb} MB.")
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content in files.items():
            content = content if isinstance(content, bytes) else content.read_bytes()
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return archive


def _pid(pidfd):
    """Return the process number, as this process sees it, of a pidfd."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pid:")).split()[1])
