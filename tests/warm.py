"""A process that has imported nbgrader and the grader, and forks for each command: their imports take seconds.

It is started by `Warm` below and runs the entry points of the programs `nbgrader` and `grader` as their scripts do.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

PROGRAMS = ("grader", "nbgrader")
PR_SET_PDEATHSIG = 1  # of Linux's prctl


class Warm:
    """The process, as its user sees it; `run` is subprocess.run for one of PROGRAMS."""

    def __init__(self, python):
        self.ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONSAFEPATH": "1"}  # as a script, it must not find modules in this folder
        self.process = subprocess.Popen(
            [python, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        theirs.close()

    def run(self, arguments, cwd, env, timeout):
        """Run a program; return subprocess.CompletedProcess, with text. Raises subprocess.TimeoutExpired."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            order = json.dumps({"arguments": arguments, "cwd": str(cwd), "env": env}).encode()
            socket.send_fds(self.ours, [len(order).to_bytes(4)], [out.fileno(), err.fileno()])
            self.ours.sendall(order)
            pid = int.from_bytes(_receive(self.ours, 4))
            self.ours.settimeout(timeout)
            try:
                status = int.from_bytes(_receive(self.ours, 4), signed=True)
            except TimeoutError:
                os.killpg(pid, signal.SIGKILL)
                self.ours.settimeout(None)
                _receive(self.ours, 4)
                raise subprocess.TimeoutExpired(arguments, timeout) from None
            finally:
                self.ours.settimeout(None)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode("utf-8", "replace"))
        return subprocess.CompletedProcess(arguments, status, *texts)


def _receive(connection, size):
    parts = b""
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise EOFError("the warm process has ended")
        parts += part
    return parts


def _end_with_parent():
    """Let this process be killed when the one that started it ends, as tests that are stopped do."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def serve(connection):
    """Fork for each command that comes, until the other end is closed."""
    _end_with_parent()

    import grader.cli  # noqa: F401 - imported once, for all

    while True:
        size, descriptors, *_ = socket.recv_fds(connection, 4, 2)
        if not size:
            return
        order = json.loads(_receive(connection, int.from_bytes(size)))
        pid = os.fork()
        if pid == 0:
            _end_with_parent()
            connection.close()
            os.setsid()
            for target, descriptor in enumerate(descriptors, 1):
                os.dup2(descriptor, target)
                os.close(descriptor)
            _become(**order)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(pid.to_bytes(4))
        _, status = os.waitpid(pid, 0)
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))


def _become(arguments, cwd, env):
    """Run a program in this process, as its script would, and end."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [str(Path(sys.executable).parent / arguments[0]), *arguments[1:]]
    status = 1
    try:
        if arguments[0] == "grader":
            import grader.__main__
            import grader.cli

            grader.cli.console.width = int(env.get("COLUMNS", 80))  # which rich has read at its start
            status = grader.__main__.main()
        else:
            from nbgrader.apps.nbgraderapp import main

            status = main()
    except SystemExit as error:
        status = error.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
    finally:
        import atexit
        import multiprocessing.util

        multiprocessing.util._exit_function()  # first, as where it is imported after all else
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status or 0)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
