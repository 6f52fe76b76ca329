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
import shutil
import socket
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from ..kernel import bubblewrap
from .limits import Limits
from .namespaces import SCRATCH, SOCKETS
from .watch import START_SECONDS, Kernel, StartError

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}  # over ipc, endings of socket names
STACK = (  # modules of which the warm process imports all, so that no notebook has to wait for them
    "keras",
    "tensorflow",
    "pandas",
    "sklearn.datasets",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.preprocessing",
    "sklearn.linear_model",
    "sklearn.neural_network",
)
Files = dict[str, bytes] | dict[str, Path] | None  # a notebook's, by their relative names
_numbers = itertools.count()  # of this process's kernels


class Slot:
    """A warm process and the kernels it forks; usable as a context manager. Starts when first needed, and again
    should it have ended. sandbox: whether to run in bubblewrap; threads: of one TensorFlow or BLAS operation; preload:
    names of modules that it imports before."""

    def __init__(self, *, sandbox: bool = True, threads: int = 1, preload: Sequence[str] = STACK) -> None:
        self.sandboxed, self.threads, self.preload = sandbox, threads, preload
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.folder: Path | None = None
        self.kernels: set[Kernel] = set()
        self._count = 0
        self._lock = threading.Lock()
        self._starter = ThreadPoolExecutor(1)  # bwrap dies with the thread that started it: one that lasts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the warm process, if it is not running, and wait for its imports (10 s or more).

        Raises SandboxUnavailable, or StartError with the last that the process wrote.
        """
        if self.is_alive():
            return
        if self.sandboxed:
            bubblewrap.check_sandbox()
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
        argv, env = bubblewrap.python("grader.kernel.warm"), bubblewrap.environment(str(home), self.threads)
        if self.sandboxed:
            shared.chmod(0o711)  # each kernel's user goes through to its own
            argv, env = (
                bubblewrap.command(str(shared), "grader.kernel.warm"),
                bubblewrap.environment(threads=self.threads),
            )
        self.control, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as log, end:
            streams: dict[str, Any] = {"stdin": end, "stdout": log, "stderr": log}
            popen: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
            started = self._starter.submit(
                popen, [*argv, *self.preload], env=env, cwd=self.folder, start_new_session=True, **streams
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

    def is_alive(self) -> bool:
        """Tell whether the warm process runs."""
        return self.process is not None and self.process.poll() is None

    def fork(self, limits: Limits, files: Files, key: str) -> Kernel:
        """Return a fresh, running Kernel. files: {name: bytes, or a path}; key: of Jupyter's messages, ASCII.

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
                    assert self.process is not None  # since `start`
                    self.process.kill()
                    self.process.wait()
        raise AssertionError("each attempt returns or raises")

    def _fork(self, limits: Limits, archive: IO[bytes], key: str) -> Kernel:
        assert self.folder is not None and self.control is not None  # since `start`
        self._count += 1
        folder = self.folder / "kernels" / str(self._count)
        folder.mkdir()
        request: dict[str, Any] = {"ports": PORTS, "key": key, "limits": asdict(limits)}
        if self.sandboxed:  # the paths as they are in there
            request |= {"sockets": f"{SOCKETS}/{folder.name}", "scratch": SCRATCH}
            request |= {"address": f"{SCRATCH}/sockets/k", "uid": bubblewrap.own_uid(next(_numbers))}
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

    def stop(self) -> None:
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


def default_slot(sandbox: bool = True, preload: Iterable[str] = STACK) -> Slot:
    """Return the Slot, sandboxed or not, that this process uses for all its notebooks with these modules."""
    return _slot_of(os.getpid(), sandbox, tuple(preload))  # a fork must not share it


@functools.cache
def _slot_of(pid: int, sandbox: bool, preload: tuple[str, ...]) -> Slot:
    slot = Slot(sandbox=sandbox, preload=preload)
    atexit.register(slot.stop)
    return slot


def _archive(files: Files, limits: Limits) -> IO[bytes]:
    """Return a temporary tar file of a notebook's files. Raises ValueError if they are too large."""
    files = files or {}
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
