"""What a notebook's processes take of the machine: memory, also that which Linux holds for them, and waiting."""

import contextlib
import functools
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

DESCRIPTORS, MAPPINGS = 1024, 2**16  # that one process may have
# What Linux holds at most for one of these, in bytes, and no process shows as its own. See seccomp, too.
PIPE, MAPPING, LOCK, DESCRIPTOR = 2**16, 512, 256, 1024
LINK = 64  # of a mapping to the same one of each process that its own was forked from, one after the other
WATCH = 2**14  # of epoll; far more than it takes, because one user may have only so many


def memory(process: psutil.Process, shared: bool = True) -> int:
    """Return the bytes of memory of a psutil.Process, with its page tables and what is swapped out, 0 if it has ended;
    shared: count in proportion what is shared, which takes longer, or else in full."""
    try:
        sizes = _sizes(f"/proc/{process.pid}/status")
        used = sizes.get("VmRSS", 0) + sizes.get("VmSwap", 0)
        if shared:
            with contextlib.suppress(OSError, KeyError):
                rollup = _sizes(f"/proc/{process.pid}/smaps_rollup")
                used = rollup["Pss"] + rollup.get("SwapPss", 0)
        return used + sizes.get("VmPTE", 0)
    except OSError:
        return 0


def network_buffers(pid: int) -> int:
    """Return the bytes that the sockets of a process's network may hold, those on their way to a process included."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/net/sockstat").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("sockets:")).split()[-1]) * _socket_bytes()
    return 0


def held(processes: Sequence[psutil.Process], deadline: float) -> float:
    """Return the bytes that Linux may hold for processes apart from their memory and sockets.

    A process that cannot be looked into counts with all that it may have. At a `deadline` of time.thread_time(), those
    left are taken to be like the others.
    """
    pipes: set[tuple[int, int]]
    locks: int | None
    size, pipes, seen, locks, parents = 0, set(), 0, None, _parents(processes)
    for process in random.sample(processes, len(processes)):
        if time.thread_time() > deadline:
            break
        seen += 1
        folder = Path("/proc", str(process.pid))
        try:
            size += (MAPPING + LINK * _depth(process.pid, parents)) * _lines(folder / "maps")
            if locks is None:  # of all processes of the namespace
                locks = LOCK * _lines(folder / "root/proc/locks")
            for entry in os.scandir(folder / "fd"):
                size += DESCRIPTOR
                with contextlib.suppress(FileNotFoundError):  # closed by now
                    facts = entry.stat()
                    if stat.S_ISFIFO(facts.st_mode):
                        pipes.add((facts.st_dev, facts.st_ino))
                    elif str(Path(entry.path).readlink()) == "anon_inode:[eventpoll]":
                        size += WATCH * _lines(folder / "fdinfo" / entry.name)
        except PermissionError:
            size += MAPPING * MAPPINGS + (DESCRIPTOR + PIPE) * DESCRIPTORS
        except OSError:  # it has ended
            continue
    return (size + PIPE * len(pipes)) * len(processes) / max(seen, 1) + (locks or 0)


def held_within(target: int, processes: Sequence[psutil.Process], seconds: float) -> float:
    """Return `held` as seen by the root of the user namespace of process `target`, which is ours: what lies open in
    a process that is another user there, we may not list ourselves. A new process, so as not to touch our threads."""
    line = ["nsenter", "--user", f"--target={target}", sys.executable, "-I", __file__, str(seconds)]
    line += [str(process.pid) for process in processes]
    try:
        return float(subprocess.run(line, capture_output=True, text=True, timeout=10 * seconds + 10).stdout)
    except (OSError, ValueError, subprocess.SubprocessError):  # short of processes or memory, or they have ended
        return held(processes, time.thread_time() + seconds)


def waits(pids: Iterable[int]) -> dict[str, float]:
    """Return {thread: seconds it has waited for a processor so far} of processes; empty where Linux does not tell."""
    waits: dict[str, float] = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    waits[task.name] = int((task / "schedstat").read_text().split()[1]) / 1e9
    return waits


def _parents(processes: Iterable[psutil.Process]) -> dict[int, int]:
    """Return {process: the one that it was forked from}, numbers."""
    parents = {}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            parents[process.pid] = process.ppid()
    return parents


def _depth(pid: int, parents: dict[int, int]) -> int:
    depth = 0
    while pid in parents and depth < len(parents):
        pid, depth = parents[pid], depth + 1
    return depth


@functools.cache
def _socket_bytes() -> int:
    return sum(int(Path(f"/proc/sys/net/core/{name}mem_default").read_text()) for name in "rw")


def _sizes(path: str) -> dict[str, int]:
    """Return {name: bytes} of a file of Linux that tells sizes in kB."""
    lines = (line.split() for line in Path(path).read_text().splitlines())
    return {line[0].rstrip(":"): 1024 * int(line[1]) for line in lines if line[-1:] == ["kB"] and len(line) == 3}


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(2**16), b""))


def _main(seconds: str, *pids: str) -> None:
    processes = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            processes.append(psutil.Process(int(pid)))
    print(held(processes, time.thread_time() + float(seconds)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
