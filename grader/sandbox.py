"""What confines a student's notebook: its limits, bubblewrap around the warm process, namespaces around a kernel.

Two walls. Outer: bubblewrap gives the warm process a read-only view of Python and the system, without network,
the course or the host's processes. Inner: each kernel gets user, PID, mount and IPC namespaces of its own.
"""

import contextlib
import ctypes
import functools
import os
import platform
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MESSAGE_MB = 34  # the longest message taken from a kernel: an answer of wire.MAX_BYTES, its quotes escaped
NOBODY = 65534  # uid and gid of the sandbox where the grader is root
SOCKETS = "/sockets"  # in the sandbox: one folder per kernel, shared with the grader
SCRATCH = "/scratch"  # in the sandbox: all that a notebook can write
SYSTEM = (
    *("bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc/ld.so.cache", "etc/ld.so.conf", "etc/ld.so.conf.d"),
    *("etc/alternatives", "etc/fonts", "etc/localtime", "etc/mime.types", "etc/hosts", "etc/nsswitch.conf"),
)
UNPROTECTED = "or grade with --no-sandbox, which runs students' code as you, unprotected."
_libc = ctypes.CDLL(None, use_errno=True)
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP, _SUBREAPER, _NO_NEW_PRIVS, _SECCOMP = 1, 4, 24, 36, 38, 22

# System calls that a notebook does without: memory on nobody's account, keyrings that outlive a process, and
# large parts of the Linux kernel that are not needed. Machine: (audit number, system call numbers).
_REFUSED = {  # memfd_create, memfd_secret, shmget, add_key, request_key, keyctl, bpf, userfaultfd, perf, io_uring
    "x86_64": (0xC000003E, (319, 447, 29, 248, 249, 250, 321, 323, 298, 425)),
    "aarch64": (0xC00000B7, (279, 447, 194, 217, 218, 219, 280, 282, 241, 425)),
}


class SandboxUnavailable(RuntimeError):
    """The sandbox cannot work on this machine; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may use; wall, cell and question seconds by slot.Clock, which other programs do not use up."""

    wall_seconds: float = 600  # of the whole notebook, from the kernel's start
    cell_seconds: float = 180  # of one cell (enforced by whoever executes the cells)
    cpu_seconds: float = 900  # of all its processes together
    memory_mb: float = 4096  # of all its processes together, files in scratch not included
    processes: int = 256  # threads count
    file_mb: float = 100  # of one file
    scratch_mb: float = 500  # of all its files, /tmp and /dev/shm included
    output_mb: float = 10  # of all it prints and displays; more is left out
    question_seconds: float = 60  # of one answer to a hidden test (enforced by whoever asks)
    busy_factor: float = 3  # by how much real time may exceed the three limits in seconds on a busy machine

    @property
    def output_wall_mb(self):
        """What a kernel may send before it is ended: the kernel itself leaves output out long before."""
        return 4 * self.output_mb + 16


@functools.cache
def check_sandbox():
    """Try the sandbox once, with both its walls; raise SandboxUnavailable if it does not work."""
    if shutil.which("bwrap") is None:
        install = "install it (Debian, Ubuntu: sudo apt install bubblewrap)"
        raise SandboxUnavailable(f"The sandbox needs bubblewrap: {install}, {UNPROTECTED}")
    with tempfile.TemporaryDirectory() as folder:
        trial = subprocess.run(command(folder, "grader.sandbox"), env=environment(), capture_output=True, text=True)
    if trial.returncode:
        reason = (trial.stderr.strip().splitlines() or ["no reason given"])[-1]
        enable = "Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; Docker: --privileged"
        raise SandboxUnavailable(
            f"The sandbox needs unprivileged user namespaces, which fail here ({reason}): "
            f"enable them ({enable}), {UNPROTECTED}"
        )


def command(sockets, module):
    """Return the command line that runs Python's `module` in bubblewrap; sockets: the one shared, writable folder."""
    line = ["bwrap", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--unshare-cgroup-try"]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--dir", "/etc"]
    line += ["--ro-bind", "/usr", "/usr"]
    if os.getuid() == 0:  # `leave_root` needs these two; of a fresh /proc, bwrap would mask parts as root,
        line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--bind", "/proc", "/proc"]
    else:  # and Linux then refuses each kernel its own /proc
        line += ["--unshare-user", "--proc", "/proc"]
    for path in (Path("/", name) for name in SYSTEM):
        if path.is_symlink() and path.parent == Path("/"):  # /lib -> usr/lib
            line += ["--symlink", str(path.readlink()), str(path)]
        else:
            line += ["--ro-bind-try", str(path), str(path)]
    line += ["--dev", "/dev", "--dir", "/tmp", "--perms", "1777", "--tmpfs", SCRATCH, "--bind", sockets, SOCKETS]
    for path in _python_folders():
        for parent in reversed(Path(path).parents[:-1]):
            line += ["--dir", str(parent)]  # bwrap itself would make it mode 700
        line += ["--ro-bind", path, path]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH]
    return [*line, "--", *python(module), "--sandbox"]


def python(module):
    """Return the command line that runs Python's `module`, with nothing of the working folder on its path."""
    return [sys.executable, "-P", "-s", "-m", module]


def environment(home=SCRATCH, threads=1):
    """Return the whole environment of the warm process; threads: of one TensorFlow or BLAS operation."""
    counts = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {
        **{"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "student", "HOME": home},
        **{"TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        **{"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        **{"TF_NUM_INTEROP_THREADS": "1", **dict.fromkeys(counts, str(threads))},
    }


def _python_folders():
    """Return what Python needs: its prefixes, where its executable's links lead, and this package alone."""
    executable = Path(sys.executable)
    links = [executable.parent / executable.readlink()] if executable.is_symlink() else []
    homes = [path.parent.parent for path in (*links, executable.resolve())]
    folders = {str(path) for path in (sys.prefix, sys.base_prefix, *homes, Path(__file__).resolve().parent)}
    return sorted(folders - {"/", "/usr"})  # sorted: an outer folder before what lies in it


def leave_root():
    """Become `NOBODY` for good, if root; bwrap's binds are made by then, those from below /root too."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        _call("prctl", _DUMPABLE, 1, 0, 0, 0)  # else /proc/self stays root's, uid_map with it


def enter_namespaces():
    """Enter fresh user, mount and IPC namespaces; the next child is process 1 of a fresh PID namespace."""
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEWUSER | _NEWNS | _NEWIPC | _NEWPID)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path("/proc/self", name).write_text(text)


def mount_private(sockets, limits):
    """Give process 1 of fresh namespaces its own /proc, scratch, /tmp and /dev/shm; hide other kernels' sockets.

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
    mounts = (line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())
    if not any(target.startswith("/tmp/") for target in mounts):  # a Python that lives in /tmp must stay in view
        _mount(f"{SCRATCH}/tmp", "/tmp", None, _BIND)
    Path("/proc/self/oom_score_adj").write_text("1000")  # short of memory, Linux shall end a notebook first
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def seal_sockets():
    """Make the sockets' folder read-only: it lies on the host's disk, which a notebook could fill."""
    path = f"{SCRATCH}/sockets"
    kept = os.statvfs(path).f_flag & (_NOSUID | _NODEV | _NOEXEC)  # Linux does not allow to lift these
    _mount(None, path, None, _REMOUNT | _BIND | _RDONLY | kept)


def drop_privileges(*, hide=False):
    """Give up every capability for good and refuse some system calls; hide: from ptrace and /proc, too."""
    for number in range(64):
        with contextlib.suppress(OSError):  # past the last capability
            _call("prctl", _CAPBSET_DROP, number, 0, 0, 0)
    _call("capset", struct.pack("Ii", 0x20080522, 0), bytes(24))
    _call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0)
    if platform.machine() in _REFUSED:
        code = _filter(*_REFUSED[platform.machine()])
        buffer = ctypes.create_string_buffer(code)
        _call("prctl", _SECCOMP, 2, struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)), 0, 0)
    if hide:
        _call("prctl", _DUMPABLE, 0, 0, 0, 0)


def _filter(machine, refused):
    """Return a classic BPF program: ENOSYS for `refused` system calls and those of another ABI, else allow."""
    n = len(refused)
    steps = [(0x20, 0, 0, 4), (0x15, 0, n + 3, machine), (0x20, 0, 0, 0), (0x35, n + 1, 0, 0x40000000)]
    steps += [(0x15, n - i, 0, number) for i, number in enumerate(refused)]
    steps += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | 38)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def set_limits(limits, *, sandbox):
    """Set what Linux itself limits, for this process and its children, and let the grader go first."""
    os.nice(10)  # or the watcher would have to queue with the 256 processes it is about to stop
    values = {
        resource.RLIMIT_CPU: int(limits.cpu_seconds),
        resource.RLIMIT_DATA: int(limits.memory_mb * 2**20),  # not AS: TensorFlow reserves far more than it uses
        resource.RLIMIT_FSIZE: int(limits.file_mb * 2**20),
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
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


def adopt_orphans():
    """Become the parent of every descendant whose own parent ends."""
    _call("prctl", _SUBREAPER, 1, 0, 0, 0)


def die_with_parent():
    """Be killed when the parent ends."""
    _call("prctl", _PDEATHSIG, 9, 0, 0, 0)


def _mount(source, target, kind, flags, options=None):
    source, target, kind, options = (text and text.encode() for text in (source, target, kind, options))
    _call("mount", source, target, kind, flags, options)


def _call(name, *args):
    if getattr(_libc, name)(*(ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in args)) == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}{args[:2]}: {os.strerror(error)}")


def _trial():
    """Build the inner wall once, inside the outer one; exit with an error if it does not stand."""
    leave_root()
    enter_namespaces()
    child = os.fork()
    if child == 0:
        mount_private(SOCKETS, Limits())
        seal_sockets()
        drop_privileges()
        os._exit(0)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    _trial()
