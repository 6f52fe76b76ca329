"""The outer wall, from the host's side: bubblewrap gives the warm process a read-only view of Python and the system,
without network, the course or the host's processes; and which users its kernels are."""

import functools
import os
import platform
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ..kernel import seccomp
from .namespaces import COLABS, NOBODY, SCRATCH, SOCKETS

_AS_ROOT = ["unshare", "--user", "--map-root-user", "--map-auto", "--"]  # of a namespace, with all numbers we may map
FIRST_UID, UIDS = 0x70000000, 32  # where the grader is root: of its kernels, and how many each process of it has
SYSTEM = """
    bin sbin lib lib32 lib64 libx32 etc/ld.so.cache etc/ld.so.conf etc/ld.so.conf.d
    etc/alternatives etc/fonts etc/localtime etc/mime.types etc/hosts etc/nsswitch.conf
""".split()
UNPROTECTED = "or grade with --no-sandbox, which runs students' code as you, unprotected."


class SandboxUnavailable(RuntimeError):
    """The sandbox cannot work on this machine; the message says what to do."""


@functools.cache
def check_sandbox() -> None:
    """Try the sandbox once, with both its walls; raise SandboxUnavailable if it does not work."""
    if shutil.which("bwrap") is None:
        install = "install it (Debian, Ubuntu: sudo apt install bubblewrap uidmap)"
        raise SandboxUnavailable(f"The sandbox needs bubblewrap: {install}, {UNPROTECTED}")
    with tempfile.TemporaryDirectory() as folder:
        line = [*command(folder, "grader.kernel.namespaces"), str(own_uid(0))]
        trial = subprocess.run(line, env=environment(), capture_output=True, text=True)
    if trial.returncode:
        reason = (trial.stderr.strip().splitlines() or ["no reason given"])[-1]
        enable = "Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; Docker: --privileged"
        raise SandboxUnavailable(
            f"The sandbox needs unprivileged user namespaces, which fail here ({reason}): "
            f"enable them ({enable}), {UNPROTECTED}"
        )


def ways() -> tuple[str, str, str]:
    """Return sentences on the walls of this machine, where machines differ."""
    uid = own_uid(0)
    if uid is None:
        users = (
            "all kernels are yours and share what Linux allows one user. Each would be one of its own with numbers for "
            "you in /etc/subuid and /etc/subgid (Debian, Ubuntu: sudo apt install uidmap), or if root graded."
        )
    elif uid == NOBODY:
        users = "all kernels are one and share what Linux allows it: this container has no further user numbers."
    else:
        users = "each kernel is one of its own."
    calls = f"{len(seccomp.numbers())} are allowed, all others refused." if seccomp.known_machine() else ""
    calls = calls or f"all are allowed: there is no list for {platform.machine()}. Grade on {seccomp.MACHINES}."
    memory = "what Linux holds for a notebook is counted by looking at it every 0.25 to 2 s, not held by a cgroup."
    return f"Users: {users}", f"System calls: {calls}", f"Memory: {memory}"


def command(sockets: str, module: str) -> list[str]:
    """Return the command line that runs Python's `module` in bubblewrap; sockets: the one shared, writable folder."""
    line = [*(_AS_ROOT if subordinates() else ()), "bwrap", "--die-with-parent", "--new-session"]
    line += ["--hostname", "sandbox", "--unshare-cgroup-try"]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--dir", "/etc"]
    line += ["--ro-bind", "/usr", "/usr"]
    as_root = os.getuid() == 0 or subordinates()
    if as_root:  # `leave_root` needs these two; of a fresh /proc, bwrap would mask parts as root,
        line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--bind", "/proc", "/proc"]
    else:  # and Linux then refuses each kernel its own /proc
        line += ["--unshare-user", "--proc", "/proc"]
    for path in (Path("/", name) for name in SYSTEM):
        if path.is_symlink() and path.parent == Path("/"):  # /lib -> usr/lib
            line += ["--symlink", str(path.readlink()), str(path)]
        else:
            line += ["--ro-bind-try", str(path), str(path)]
    line += ["--dev", "/dev", "--dir", "/tmp", "--perms", "1777", "--tmpfs", SCRATCH, "--bind", sockets, SOCKETS]
    line += [
        "--symlink",
        COLABS,
        "/content",
    ]  # Colab's folder, see grader.kernel.paths
    links, ends = _python_folders()
    for path in sorted({*links, *ends}):  # an outer folder before what lies in it
        for parent in reversed(path.parents[:-1]):
            line += ["--dir", str(parent)]  # bwrap itself would make it mode 700
        line += ["--symlink", str(links[path]), str(path)] if path in links else ["--ro-bind", str(path), str(path)]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH]
    return [*line, "--", *python(module), "--sandbox"]


def python(module: str) -> list[str]:
    """Return the command line that runs Python's `module`, with nothing of the working folder on its path."""
    return [sys.executable, "-P", "-s", "-m", module]


def environment(home: str = SCRATCH, threads: int = 1) -> dict[str, str]:
    """Return the whole environment of the warm process; threads: of one TensorFlow or BLAS operation."""
    counts = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "HOME": home,
        "TMPDIR": home,
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_NUM_INTEROP_THREADS": "1",
        **dict.fromkeys(counts, str(threads)),
    }


def _python_folders() -> tuple[dict[Path, Path], set[Path]]:
    """Return what Python needs: links, {path: where it leads}, and the files and folders where they end."""
    needed = {sys.executable, str(Path(__file__).resolve().parents[1])}
    needed |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    for prefix in {Path(path) for path in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}:
        parts = [prefix / name for name in ("pyvenv.cfg", "lib", "lib64")] if _is_home(prefix) else [prefix]
        needed |= {str(path) for path in parts}
    links: dict[Path, Path] = {}
    ends = {end for path in needed if (end := _follow(Path(path), links)).exists()}
    system = {Path("/usr"), *(Path("/", name) for name in SYSTEM)}
    ends = {path for path in ends if not _within(path, ends - {path} | system)}
    return {path: to for path, to in links.items() if not _within(path, ends | system)}, ends


def _follow(path: Path, links: dict[Path, Path]) -> Path:
    """Return where a path leads, and note in `links` every link on the way."""
    for part in (*reversed(path.parents), path):
        if part.is_symlink() and len(links) < 100:
            links[part] = part.readlink()
            return _follow(Path(os.path.normpath(part.parent / links[part])) / path.relative_to(part), links)
    return path


def _is_home(prefix: Path) -> bool:
    """Tell whether there is more than Python in its prefix: somebody's home, or what is being graded."""
    own = Path(os.environ.get("HOME", "/"))
    homes = {Path(entry.pw_dir) for entry in pwd.getpwall()} | {own, own / ".local", Path.cwd()}
    return any(home.resolve().is_relative_to(prefix.resolve()) for home in homes)


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


@functools.cache
def subordinates() -> bool:
    """Tell whether we, who are not root, may be root of a namespace that has numbers of users to give, as /etc/subuid
    says and util-linux's `unshare` asks for them; `NOBODY` must be among them."""
    if os.getuid() == 0 or shutil.which(_AS_ROOT[0]) is None:
        return False
    told = subprocess.run([*_AS_ROOT, "cat", "/proc/self/uid_map"], capture_output=True, text=True)
    return told.returncode == 0 and _is_mapped(NOBODY, told.stdout)


def own_uid(number: int) -> int | None:
    """Return the user, and group, of a grader's kernel by its number, as the sandbox knows it; None where the grader
    has no users to give.

    What Linux allows each user (watches, pipes, descriptors on their way) is then that kernel's own.
    """
    if os.getuid() != 0:
        return 1 + (os.getpid() * UIDS + number % UIDS) % (NOBODY - 1) if subordinates() else None
    uid = FIRST_UID + os.getpid() % 2**22 * UIDS + number % UIDS
    return uid if _is_mapped(uid, Path("/proc/self/uid_map").read_text()) else NOBODY


def _is_mapped(uid: int, text: str) -> bool:
    ranges = [list(map(int, line.split())) for line in text.splitlines()]
    return any(first <= uid < first + count for first, _, count in ranges)
