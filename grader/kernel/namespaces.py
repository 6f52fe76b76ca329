"""The inner wall: each kernel has user, PID, mount, IPC and network namespaces of its own, the system calls and sockets
of `grader.kernel.seccomp` and, where the grader has users to give, a user of its own.

All of this runs inside the outer wall, `grader.kernel.bubblewrap`.
"""

import contextlib
import ctypes
import fcntl
import os
import platform
import re
import resource
import socket
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

from ..kernel import seccomp
from .limits import Limits
from .measuring import DESCRIPTORS

NOBODY = 65534  # uid and gid of the warm process where the grader is root
SOCKETS = "/sockets"  # in the sandbox: one folder per kernel, shared with the grader
COLABS = "/tmp/content"  # in the sandbox: what its /content leads to
SCRATCH = "/scratch"  # in the sandbox: all that a notebook can write
_libc = ctypes.CDLL(None, use_errno=True)
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_DUMPABLE, _KEEPCAPS, _CAPBSET_DROP, _SUBREAPER, _NO_NEW_PRIVS, _SECCOMP = 4, 8, 24, 36, 38, 22
_SETGID_SETUID = 1 << 6 | 1 << 7  # capabilities
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_RLIMIT_SIGPENDING = 11


def leave_root() -> None:
    """Become `NOBODY`, if root; bwrap's binds are made by then, those from below /root too. Kept is what `become`
    needs."""
    if os.getuid() == 0:
        _call("prctl", _KEEPCAPS, 1, 0, 0, 0)
        _set_user(NOBODY)
        _set_capabilities(_SETGID_SETUID)


def become(uid: int | None) -> None:
    """Become another user for good, if not None."""
    if uid is not None:
        _set_user(uid)
        _set_capabilities(0)


def _set_user(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    _call("prctl", _DUMPABLE, 1, 0, 0, 0)  # else /proc/self stays root's, uid_map with it


def _set_capabilities(bits: int) -> None:
    _call("capset", struct.pack("Ii", 0x20080522, 0), struct.pack("6I", bits, bits, 0, 0, 0, 0))


def enter_namespaces() -> None:
    """Enter fresh user, mount, IPC and network namespaces; the next child is process 1 of a fresh PID namespace."""
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEWUSER | _NEWNS | _NEWIPC | _NEWNET | _NEWPID)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path("/proc/self", name).write_text(text)


def mount_private(sockets: str, limits: Limits) -> None:
    """Give process 1 of fresh namespaces its own /proc, network, scratch, /tmp and /dev/shm; hide others' sockets.

    sockets: the kernel's folder below SOCKETS; it becomes SCRATCH/sockets.
    """
    _mount(None, "/", None, _REC | _PRIVATE)
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    size = f"size={int(limits.scratch_mb * 2**20)},nr_inodes=20000,mode=755"
    _mount("scratch", SCRATCH, "tmpfs", _NOSUID | _NODEV, size)
    for name in ("sockets", "tmp", "shm"):
        Path(SCRATCH, name).mkdir()
    _mount(sockets, f"{SCRATCH}/sockets", None, _BIND)
    _mount("none", SOCKETS, "tmpfs", _RDONLY, "size=4k")
    _mount(f"{SCRATCH}/shm", "/dev/shm", None, _BIND)
    _mount("devpts", "/dev/pts", "devpts", _NOSUID | _NOEXEC, "newinstance,ptmxmode=666,mode=620,max=256")
    mounts = {_unescaped(line.split()[4]) for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    _carry_over(Path("/tmp"), Path(SCRATCH, "tmp"), mounts)
    _mount(f"{SCRATCH}/tmp", "/tmp", None, _BIND | _REC)
    with Path(SCRATCH, "zero").open("wb") as zeros:
        zeros.truncate(2**40)
    _mount(zeros.name, "/dev/zero", None, _BIND)  # the device itself gives memory that no process need show
    Path(zeros.name).unlink()
    _start_network()
    Path("/proc/self/oom_score_adj").write_text("1000")  # short of memory, Linux shall end a notebook first
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _unescaped(path: str) -> str:
    """Return a path of /proc/self/mountinfo as it is: blanks and the like stand in it as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _carry_over(folder: Path, to: Path, mounts: set[str]) -> None:
    """Put into `to` what bwrap has put into `folder`: a Python that lives in /tmp must stay in view."""
    for path in folder.iterdir():
        if path.is_symlink():
            (to / path.name).symlink_to(path.readlink())
        elif str(path) in mounts:
            (to / path.name).mkdir() if path.is_dir() else (to / path.name).touch()
            _mount(str(path), str(to / path.name), None, _BIND | _REC)
        else:
            (to / path.name).mkdir()
            _carry_over(path, to / path.name, mounts)


def _start_network() -> None:
    """Start the loopback of a fresh network, and hold what a TCP socket may keep to what others keep."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))
    for name in ("rmem", "wmem"):
        Path(f"/proc/sys/net/ipv4/tcp_{name}").write_text("4096 65536 212992")


def seal_sockets() -> None:
    """Make the sockets' folder read-only: it lies on the host's disk, which a notebook could fill."""
    path = f"{SCRATCH}/sockets"
    kept = os.statvfs(path).f_flag & (_NOSUID | _NODEV | _NOEXEC)  # Linux does not allow to lift these
    _mount(None, path, None, _REMOUNT | _BIND | _RDONLY | kept)


def drop_privileges(*, hide: bool = False) -> None:
    """Give up every capability and all but the allowed system calls for good; hide: from ptrace and /proc, too."""
    for number in range(64):
        with contextlib.suppress(OSError):  # past the last capability
            _call("prctl", _CAPBSET_DROP, number, 0, 0, 0)
    _set_capabilities(0)
    _call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)
    if seccomp.known_machine():
        code = seccomp.program()
        buffer = ctypes.create_string_buffer(code)
        _call("prctl", _SECCOMP, 2, struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)), 0, 0)
    if hide:
        _call("prctl", _DUMPABLE, 0, 0, 0, 0)


def set_limits(limits: Limits, *, sandbox: bool) -> None:
    """Set what Linux itself limits, for this process and its children, and let the grader go first."""
    os.nice(10)  # or the watcher would have to queue with the 256 processes it is about to stop
    values = {
        resource.RLIMIT_CPU: int(limits.cpu_seconds),
        resource.RLIMIT_DATA: int(limits.memory_mb * 2**20),  # not AS: TensorFlow reserves far more than it uses
        resource.RLIMIT_FSIZE: int(limits.file_mb * 2**20),
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        _RLIMIT_SIGPENDING: 4096,
    }
    release = tuple(int("".join(filter(str.isdigit, part)) or 0) for part in platform.release().split(".")[:2])
    if sandbox and release >= (5, 14):  # before, and without namespaces, all the user's processes count
        values[resource.RLIMIT_NPROC] = limits.processes + 32  # the watcher stops the notebook below that
    for which, soft in values.items():
        hard = soft + 5 * (which == resource.RLIMIT_CPU)  # at the soft one comes SIGXCPU, which tells the reason
        present = resource.getrlimit(which)[1]
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        resource.setrlimit(which, (soft, hard))


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _call("prctl", _SUBREAPER, 1, 0, 0, 0)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    *texts, last = (text and text.encode() for text in (source, target, kind, options))
    _call("mount", *texts, flags, last)


def _call(name: str, *args: Any) -> None:
    if getattr(_libc, name)(*(ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in args)) == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}{args[:2]}: {os.strerror(error)}")


def _trial(uid: int | None) -> NoReturn:
    """Build the inner wall once, inside the outer one; exit with an error if it does not stand."""
    leave_root()
    become(uid)
    enter_namespaces()
    child = os.fork()
    if child == 0:
        mount_private(SOCKETS, Limits())
        seal_sockets()
        drop_privileges()
        os._exit(0)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    _trial(int(sys.argv[-1]) if sys.argv[-1].isdigit() else None)
