"""The doors of Linux that a notebook may use: system calls, socket families and options, by a list of what is allowed.

What is not on it fails with ENOSYS, as on an older Linux: libraries then take another way. Refused is above all what
holds memory that no process shows, and what the stack has no use for. docs/grading.md tells the list.
"""

import platform
import struct
from collections.abc import Iterable

_CALLS = {  # name, its number on x86_64, on aarch64
    "files": """
    access 21 -, chdir 80 49, chmod 90 -, chown 92 -, close 3 57, close_range 436 436, copy_file_range 326 285,
    creat 85 -, dup 32 23, dup2 33 -, dup3 292 24, faccessat 269 48, faccessat2 439 439, fadvise64 221 223,
    fallocate 285 47, fchdir 81 50, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, fchown 93 55, fchownat 260 54,
    fcntl 72 25, fdatasync 75 83, fgetxattr 193 10, flistxattr 196 13, flock 73 32, fremovexattr 199 16,
    fsetxattr 190 7, fstat 5 80, fstatfs 138 44, fsync 74 82, ftruncate 77 46, futimesat 261 -, getcwd 79 17,
    getdents 78 -, getdents64 217 61, getxattr 191 8, ioctl 16 29, lchown 94 -, lgetxattr 192 9, link 86 -,
    linkat 265 37, listxattr 194 11, llistxattr 195 12, lremovexattr 198 15, lseek 8 62, lsetxattr 189 6, lstat 6 -,
    mkdir 83 -, mkdirat 258 34, mknod 133 -, mknodat 259 33, newfstatat 262 79, open 2 -, openat 257 56,
    openat2 437 437, pipe 22 -, pipe2 293 59, pread64 17 67, preadv 295 69, preadv2 327 286, pwrite64 18 68,
    pwritev 296 70, pwritev2 328 287, read 0 63, readahead 187 213, readlink 89 -, readlinkat 267 78, readv 19 65,
    removexattr 197 14, rename 82 -, renameat 264 38, renameat2 316 276, rmdir 84 -, sendfile 40 71, setxattr 188 5,
    stat 4 -, statfs 137 43, statx 332 291, symlink 88 -, symlinkat 266 36, sync_file_range 277 84, truncate 76 45,
    umask 95 166, unlink 87 -, unlinkat 263 35, utime 132 -, utimensat 280 88, utimes 235 -, write 1 64,
    writev 20 66
    """,
    "memory": """
    brk 12 214, get_mempolicy 239 236, madvise 28 233, map_shadow_stack 453 453, mbind 237 235, membarrier 324 283,
    mincore 27 232, mlock 149 228, mlock2 325 284, mlockall 151 230, mmap 9 222, mprotect 10 226, mremap 25 216,
    msync 26 227, munlock 150 229, munlockall 152 231, munmap 11 215, pkey_alloc 330 289, pkey_free 331 290,
    pkey_mprotect 329 288, set_mempolicy 238 237, set_mempolicy_home_node 450 450
    """,
    "processes": """
    arch_prctl 158 -, capget 125 90, capset 126 91, clone 56 220, execve 59 221, execveat 322 281, exit 60 93,
    exit_group 231 94, fork 57 -, futex 202 98, futex_requeue 456 456, futex_wait 455 455, futex_waitv 449 449,
    futex_wake 454 454, get_robust_list 274 100, get_thread_area 211 -, getcpu 309 168, getegid 108 177,
    geteuid 107 175, getgid 104 176, getgroups 115 158, getpgid 121 155, getpgrp 111 -, getpid 39 172,
    getppid 110 173, getpriority 140 141, getrandom 318 278, getresgid 120 150, getresuid 118 148, getrlimit 97 163,
    getrusage 98 165, getsid 124 156, gettid 186 178, getuid 102 174, ioprio_get 252 31, ioprio_set 251 30,
    kill 62 129, pidfd_open 434 434, pidfd_send_signal 424 424, prctl 157 167, prlimit64 302 261, rseq 334 293,
    sched_get_priority_max 146 125, sched_get_priority_min 147 126, sched_getaffinity 204 123,
    sched_getattr 315 275, sched_getparam 143 121, sched_getscheduler 145 120, sched_rr_get_interval 148 127,
    sched_setaffinity 203 122, sched_setattr 314 274, sched_setparam 142 118, sched_setscheduler 144 119,
    sched_yield 24 124, set_robust_list 273 99, set_thread_area 205 -, set_tid_address 218 96, setfsgid 123 152,
    setfsuid 122 151, setgid 106 144, setgroups 116 159, setpgid 109 154, setpriority 141 140, setregid 114 143,
    setresgid 119 149, setresuid 117 147, setreuid 113 145, setrlimit 160 164, setsid 112 157, setuid 105 146,
    sysinfo 99 179, tgkill 234 131, times 100 153, tkill 200 130, uname 63 160, vfork 58 -, wait4 61 260,
    waitid 247 95
    """,
    "signals": """
    pause 34 -, restart_syscall 219 128, rt_sigaction 13 134, rt_sigpending 127 136, rt_sigprocmask 14 135,
    rt_sigqueueinfo 129 138, rt_sigreturn 15 139, rt_sigsuspend 130 133, rt_sigtimedwait 128 137,
    rt_tgsigqueueinfo 297 240, sigaltstack 131 132, signalfd 282 -, signalfd4 289 74
    """,
    "time": """
    alarm 37 -, clock_getres 229 114, clock_gettime 228 113, clock_nanosleep 230 115, getitimer 36 102,
    gettimeofday 96 169, nanosleep 35 101, setitimer 38 103, time 201 -, timer_create 222 107, timer_delete 226 111,
    timer_getoverrun 225 109, timer_gettime 224 108, timer_settime 223 110, timerfd_create 283 85,
    timerfd_gettime 287 87, timerfd_settime 286 86
    """,
    "waiting": """
    epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_pwait 281 22, epoll_pwait2 441 441,
    epoll_wait 232 -, eventfd 284 -, eventfd2 290 19, poll 7 -, ppoll 271 73, pselect6 270 72, select 23 -
    """,
    "sockets": """
    accept 43 202, accept4 288 242, bind 49 200, connect 42 203, getpeername 52 205, getsockname 51 204,
    getsockopt 55 209, listen 50 201, recvfrom 45 207, recvmmsg 299 243, recvmsg 47 212, sendmmsg 307 269,
    sendmsg 46 211, sendto 44 206, setsockopt 54 208, shutdown 48 210, socket 41 198, socketpair 53 199
    """,
}
_MACHINES = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}  # audit number, column in _CALLS
MACHINES = " and ".join(_MACHINES)
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_STREAM, _DGRAM, _RAW, _SEQPACKET = 1, 2, 3, 5
_TCP, _UDP = 6, 17
_SOL_SOCKET, _BUFFERS = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE
_TCP_ULP = 31  # another protocol in a TCP socket
_NAMESPACES = 0x7E020000  # all flags of clone that make one
_THREAD, _FILES = 0x10000, 0x400  # flags of clone
_SHARED_ANONYMOUS, _HUGE = 0x21, 0x40000  # flags of mmap
_SET_PIPE_SIZE = 1031  # of fcntl
_SET_SECCOMP = 22  # of prctl
_EPERM, _ENOSYS, _ENOPROTOOPT, _EPROTONOSUPPORT, _ENOTSUP, _EAFNOSUPPORT = 1, 38, 92, 93, 95, 97

_LOAD, _AND, _RETURN, _EQUAL, _GREATER, _AT_LEAST, _ANY_BIT = 0x20, 0x54, 0x06, 0x15, 0x25, 0x35, 0x45
_ALLOW = (_RETURN, 0, 0, 0x7FFF0000)
_Step = tuple[int, int, int, int]  # of a program


def known_machine() -> bool:
    """Tell whether the list is known for this machine; on others a notebook has every system call."""
    return platform.machine() in _MACHINES


def numbers(machine: str | None = None) -> dict[str, int]:
    """Return {name: number} of the system calls of the list. machine: as of platform.machine()."""
    _, column = _MACHINES[machine or platform.machine()]
    entries = [entry.split() for text in _CALLS.values() for entry in text.split(",")]
    return {entry[0]: int(entry[column]) for entry in entries if entry[column] != "-"}


def program(machine: str | None = None) -> bytes:
    """Return the list as the BPF program that Linux takes. machine: as of platform.machine()."""
    audit, _ = _MACHINES[machine or platform.machine()]
    calls = numbers(machine)
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, audit), _fail(_ENOSYS), (_LOAD, 0, 0, 0)]
    for name, body in _by_arguments().items():
        steps += [(_EQUAL, 0, len(body), calls.pop(name)), *body]
    for first, last in _ranges(calls.values()):  # from below: what is not reached lies between two of them
        steps += [(_AT_LEAST, 1, 0, first), _fail(_ENOSYS), (_GREATER, 1, 0, last), _ALLOW]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, _fail(_ENOSYS)])


def _by_arguments() -> dict[str, list[_Step]]:
    """Return {system call: the steps that decide about it by its arguments}."""
    inet = [*_only(1, (_STREAM, _DGRAM), _EPROTONOSUPPORT, mask=0xF), *_only(2, (0, _TCP, _UDP), _EPROTONOSUPPORT)]
    families = {
        _UNIX: _only(1, (_STREAM, _DGRAM, _SEQPACKET), _EPROTONOSUPPORT, mask=0xF),
        **{_INET: inet, _INET6: inet},
        _NETLINK: [*_only(1, (_DGRAM, _RAW), _EPROTONOSUPPORT, mask=0xF), *_only(2, (0,), _EPROTONOSUPPORT)],  # routes
    }
    sockets = [step for family, steps in families.items() for step in _if(0, family, [*steps, _ALLOW])]
    buffers = [step for option in _BUFFERS for step in _if(2, option, [_fail(0)])]  # said to be done: it is but advice
    threads = [_argument(0), (_AND, 0, 0, _THREAD | _FILES), (_EQUAL, 0, 1, _THREAD), _fail(_EPERM)]  # own descriptors
    shared = [_argument(3), (_AND, 0, 0, _SHARED_ANONYMOUS), (_EQUAL, 0, 1, _SHARED_ANONYMOUS), _fail(_EPERM)]
    return {
        "socket": [*sockets, _fail(_EAFNOSUPPORT)],
        "socketpair": [*_only(0, (_UNIX,), _EAFNOSUPPORT), _ALLOW],
        "setsockopt": [
            *_if(1, _SOL_SOCKET, [*buffers, _ALLOW]),
            *_if(1, _TCP, [*_if(2, _TCP_ULP, [_fail(_ENOPROTOOPT)]), _ALLOW]),
            _ALLOW,
        ],
        "clone": [_argument(0), (_ANY_BIT, 0, 1, _NAMESPACES), _fail(_EPERM), *threads, _ALLOW],
        "mmap": [_argument(3), (_ANY_BIT, 0, 1, _HUGE), _fail(_EPERM), *shared, _ALLOW],
        "fcntl": [*_if(1, _SET_PIPE_SIZE, [_fail(_EPERM)]), _ALLOW],
        **{name: [_fail(_ENOTSUP)] for name in ("setxattr", "lsetxattr", "fsetxattr")},  # access lists are memory, too
        "prctl": [*_if(0, _SET_SECCOMP, [_fail(_EPERM)]), _ALLOW],
    }


def _argument(index: int) -> _Step:
    return (_LOAD, 0, 0, 16 + 8 * index)  # its lower half: flags and families are no longer


def _if(index: int, value: int, steps: list[_Step]) -> list[_Step]:
    """Return steps that take `steps`, which shall end, where an argument has the value, and else go on."""
    return [_argument(index), (_EQUAL, 0, len(steps), value), *steps]


def _only(index: int, values: tuple[int, ...], error: int, mask: int = 0xFFFFFFFF) -> list[_Step]:
    """Return steps that fail where an argument, but for the bits outside the mask, has none of the values."""
    found = [(_EQUAL, len(values) - n, 0, value) for n, value in enumerate(values)]
    return [_argument(index), (_AND, 0, 0, mask), *found, _fail(error)]


def _fail(error: int) -> _Step:
    return (_RETURN, 0, 0, 0x50000 | error)


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as [first, last] of those that follow one another."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges
