"""The warm process: it imports what notebooks import, once, and forks a kernel for every request.

Started by `grader.kernel.slot.Slot`, in bubblewrap or not; it never executes a student's code. Requests come over the
socket on fd 0: JSON and two fds, the kernel's line to the grader and a tar archive of the notebook's files.

    warm process ── supervisor (process 1 of the kernel's namespaces) ── kernel (the student's code)

The supervisor tells the grader over the line: {"step": "forked"} with a pidfd of itself and one of the kernel, then
{"step": "ready"}, in the end {"step": "ended", "exit_code", "cpu_seconds"}; {"step": "failed", "detail"} at any time.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import resource
import signal
import socket
import sys
import tarfile
import tempfile
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ..ground.processes import die_with_parent
from ..kernel import colab, namespaces, paths
from ..questions.student import settle
from .limits import Limits

if TYPE_CHECKING:
    from .shell import KernelApp

# What kernels need.
NEEDED = ("numpy", "matplotlib.pyplot", "matplotlib_inline.config", "psutil", "IPython", "grader.kernel.shell")


def main(sandboxed: bool, preload: Iterable[str]) -> None:
    """Import the modules, then serve requests until the grader closes its end. preload: names, besides those NEEDED."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    if sandboxed:
        namespaces.leave_root()
    else:
        die_with_parent()  # bwrap sees to it otherwise
    for module in (*preload, *NEEDED):
        importlib.import_module(module)
    if tensorflow := sys.modules.get("tensorflow"):
        # Keras makes two iterators an epoch, and Grappler would optimise each anew: most of a small network's time.
        tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:  # a fork copies their locks, not the threads
        sys.exit(f"{threads} threads are running after the imports: it is not safe to fork.")
    gc.collect()
    gc.freeze()  # the kernels share these pages: no collection shall touch them
    namespaces.adopt_orphans()
    signal.signal(signal.SIGCHLD, _reap)
    control.send(b"warm")
    while True:
        text, fds, _, _ = socket.recv_fds(control, 65536, 2)
        if not text:
            return
        if os.fork() == 0:
            control.close()
            _supervise(json.loads(text), socket.socket(fileno=fds[0]), fds[1], sandboxed)
        for fd in fds:
            os.close(fd)


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _supervise(request: dict[str, Any], line: socket.socket, files: int, sandboxed: bool) -> NoReturn:
    """Build the kernel's namespaces, fork the kernel, see to its end. Never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        limits = Limits(**request["limits"])
        if sandboxed:
            namespaces.become(request["uid"])
            namespaces.enter_namespaces()
            if os.fork():
                os._exit(0)
            namespaces.mount_private(request["sockets"], limits)
        else:
            die_with_parent()
            namespaces.adopt_orphans()
        mine, kernels = socket.socketpair()
        kernel = os.fork()
        if kernel == 0:
            for end in (mine, line):
                end.close()
            _become_kernel(request, limits, kernels, files, sandboxed)
        for fd in (kernels.detach(), files):
            os.close(fd)
        pidfds = [os.pidfd_open(os.getpid()), os.pidfd_open(kernel)]
        socket.send_fds(line, [b'{"step": "forked"}'], pidfds)
        for fd in pidfds:
            os.close(fd)
        if (told := mine.recv(65536)) != b"bound":
            raise RuntimeError(told.decode() or "the kernel ended before it was ready")
        if sandboxed:
            namespaces.seal_sockets()
            namespaces.drop_privileges(hide=True)
        _tell(line, "ready")
        mine.send(b"go")
        mine.close()
        while (ended := os.waitpid(-1, 0))[0] != kernel:
            pass
        _end_descendants()
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = os.waitstatus_to_exitcode(ended[1])
        _tell(line, "ended", exit_code=code, cpu_seconds=spent.ru_utime + spent.ru_stime)
    except BaseException:
        _tell(line, "failed", detail=traceback.format_exc()[-4000:])
    finally:
        os._exit(0)  # as process 1: Linux kills the rest of the namespace


def _tell(line: socket.socket, step: str, **facts: object) -> None:
    with contextlib.suppress(OSError):  # the grader may be gone
        line.send(json.dumps({"step": step, **facts}).encode())


def _end_descendants() -> None:
    """Kill and reap what the kernel has left behind; orphans come to the supervisor."""
    import psutil

    with contextlib.suppress(ChildProcessError):
        while True:
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()
            os.waitpid(-1, 0)


def _become_kernel(
    request: dict[str, Any], limits: Limits, supervisor: socket.socket, files: int, sandboxed: bool
) -> NoReturn:
    """Turn this fork of the warm process into a fresh kernel and run it to its end. Never returns."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for fd in (1, 2):
            os.dup2(0, fd)  # /dev/null
        low, high = sorted((supervisor.fileno(), files))
        for start, stop in ((3, low), (low + 1, high), (high + 1, 65536)):
            os.closerange(start, stop)
        if sandboxed:
            namespaces.drop_privileges()
        else:
            die_with_parent()
        namespaces.set_limits(limits, sandbox=sandboxed)
        _move_in(Path(request["scratch"]), files)
        app = _kernel_app(request, limits)
        supervisor.send(b"bound")
        supervisor.recv(2)  # until the sockets' folder is sealed
        supervisor.close()
        app.start()
    except BaseException:
        with contextlib.suppress(OSError):
            supervisor.send(traceback.format_exc()[-4000:].encode())
    finally:
        os._exit(0)


def _move_in(scratch: Path, files: int) -> None:
    """Unpack the notebook's files, make them the working folder; home is another one, so that no file of a
    submission is taken for a configuration."""
    for name in ("notebook", "home", "tmp"):
        (scratch / name).mkdir(exist_ok=True)
    with os.fdopen(files, "rb") as archive, tarfile.open(fileobj=archive) as tar:
        tar.extractall(scratch / "notebook", filter="data")
    os.chdir(scratch / "notebook")
    settle(scratch / "notebook")
    paths.find_beside(scratch / "notebook")
    paths.be_as_in_colab(scratch / "notebook")
    paths.draw_without_windows()
    colab.stand_in(scratch / "notebook")
    os.environ.update(HOME=str(scratch / "home"), TMPDIR=str(scratch / "tmp"))
    tempfile.tempdir = None


def _kernel_app(request: dict[str, Any], limits: Limits) -> "KernelApp":
    """Return the initialised IPython kernel, its sockets bound and its random generators fresh."""
    import numpy as np
    from traitlets.config import Config

    from .shell import KernelApp

    random.seed()  # Keras draws its own seed from it
    np.random.seed()
    sys.argv[:] = ["ipykernel_launcher.py"]
    sys.path.insert([Path(p).name for p in sys.path].index("site-packages"), "")  # where IPython has it; -P kept it out
    config = Config()
    config.Session.key = request["key"].encode()
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShellApp.matplotlib = "inline"  # by itself it sets up only when first imported, in the kernel
    ports = {f"{name}_port": port for name, port in request["ports"].items()}
    address = {"transport": "ipc", "ip": request["address"], **ports}
    app = KernelApp.instance(config=config, output_bytes=int(limits.output_mb * 2**20), **address)
    umask = os.umask(0)  # the grader may be another user; the folder is open to none but both
    app.initialize([])
    heartbeat = Path(f"{request['address']}-{request['ports']['hb']}")  # bound by a thread of its own
    while not heartbeat.exists():
        time.sleep(0.005)
    os.umask(umask)
    return app


if __name__ == "__main__":
    main("--sandbox" in sys.argv, [name for name in sys.argv[1:] if name != "--sandbox"])
