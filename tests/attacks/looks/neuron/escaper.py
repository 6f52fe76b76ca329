# %% [raw]
# kind: right
# why: tries the network, other users, the kernel, and Linux's own ways out

# %% look

# %% first
import ctypes, os, signal, socket, subprocess, urllib.request

libc = ctypes.CDLL(None)


def rich(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=20).returncode


look(
    tcp=lambda: socket.create_connection(("1.1.1.1", 53), 2),
    local=lambda: socket.create_connection(("127.0.0.1", 22), 2),
    dns=lambda: socket.getaddrinfo("example.org", 80),
    http=lambda: urllib.request.urlopen("http://example.org", timeout=2).status,
    interfaces=lambda: [name for _, name in socket.if_nameindex() if name != "lo"],
    kill_parent=lambda: os.kill(os.getppid(), signal.SIGKILL) or open("/proc/1/comm").read(),
    ptrace=lambda: libc.ptrace(16, os.getppid(), 0, 0),
    setuid=lambda: os.setuid(0),
    user_namespace=lambda: libc.unshare(0x10000000),
    mount=lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    chroot=lambda: os.chroot("/usr"),
    su=lambda: rich("su", "-c", "id"),
    sysctl=lambda: open("/proc/sys/kernel/core_pattern", "w").write("x"),
    device=lambda: os.mknod("disk", 0o60600, os.makedev(8, 0)),
    setuid_file=lambda: (open("s", "w").close(), os.chmod("s", 0o4755), rich("./s")),
)
