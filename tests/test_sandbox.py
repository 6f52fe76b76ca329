"""The sandbox: real kernels through nbclient, all forked from one warm process."""

import errno
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from grader.ground.files import working_files
from grader.kernel import seccomp, watch
from grader.kernel.bubblewrap import SandboxUnavailable, check_sandbox
from grader.kernel.limits import Limits
from grader.kernel.measuring import LOCK, held, held_within
from grader.kernel.provisioner import SandboxKernelManager
from grader.kernel.slot import Slot
from grader.kernel.watch import StartError


@pytest.fixture(scope="session")
def slot():
    check_sandbox()  # no sandbox is a failure, not a reason to skip
    os.environ["GRADER_SECRET"] = "secret"
    with Slot() as slot:
        slot.start()
        yield slot


def run(slot, *cells, files=None, timeout=60, **limits):
    """Execute cells in a fresh kernel; return what each printed (or its error's name and text) and the manager."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    km = SandboxKernelManager(slot=slot, limits=Limits(**limits), files=files)
    client = NotebookClient(nb, km=km, allow_errors=True, timeout=timeout, interrupt_on_timeout=True)
    try:
        client.execute(cleanup_kc=True)
    except DeadKernelError:
        assert km.provisioner.kernel.ended.is_set()
    outputs = (cell.get("outputs", []) for cell in nb.cells)
    return [
        "".join(o.get("text") or f"{o.get('ename')}: {o.get('evalue')}" for o in out).strip() for out in outputs
    ], km


def attempts(**calls):
    """Return a cell that prints as JSON what came of each expression: its value or the error's class."""
    lines = ["import ctypes, json, os, socket, subprocess, sys", "libc, came = ctypes.CDLL(None), {}"]
    for name, code in calls.items():
        lines += ["try:", f"    came[{name!r}] = {code}", "except BaseException as e:"]
        lines += [f"    came[{name!r}] = type(e).__name__"]
    return "\n".join([*lines, "print(json.dumps(came))"])


def warm_process(slot):
    """Return the warm process itself, as the host sees it: the innermost of bwrap's."""
    return psutil.Process(slot.process.pid).children(recursive=True)[-1]


def test_keras_trains(slot):
    said, km = run(
        slot,
        "import keras, numpy as np\nX = np.random.rand(200, 2)\n"
        "model = keras.Sequential([keras.layers.Dense(4, activation='relu'), keras.layers.Dense(1)])\n"
        "model.compile('adam', 'mse')\nh = model.fit(X, X.sum(1), epochs=3, verbose=0)\nprint(len(h.history['loss']))",
    )
    assert said == ["3"]  # and nothing on stderr, for which nbgrader gives 0
    assert km.limit_hit is None
    assert 50 < km.usage.peak_memory_mb < 2000 and km.usage.cpu_seconds > 0.1


def test_figures_are_shown(slot):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1]);")])
    NotebookClient(nb, km=SandboxKernelManager(slot=slot)).execute(cleanup_kc=True)
    assert "image/png" in nb.cells[0].outputs[-1].data


def test_kernel_manager_class_alone(slot, monkeypatch):
    monkeypatch.setattr("grader.kernel.provisioner.default_slot", lambda: slot)
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(__import__('os').getcwd())")])
    nb.metadata.kernelspec = {"name": "no-such-kernel", "display_name": ""}
    NotebookClient(nb, kernel_manager_class=SandboxKernelManager).execute()
    assert nb.cells[0].outputs[0].text == "/scratch/notebook\n"


def test_files_and_their_code(slot, tmp_path):
    stop = b"raise SystemExit"
    files = {"data.csv": b"1,2", "deep/helper.py": b"y = 3", "numpy.py": stop, "keras.py": stop}
    files["sitecustomize.py"] = stop
    files[".ipython/profile_default/startup/x.py"] = b"evil = 1"
    cell = "import numpy, keras, deep.helper\nprint(open('data.csv').read(), deep.helper.y, 'evil' in globals())"
    assert run(slot, cell, files=files)[0] == ["1,2 3 False"]
    secret = tmp_path / "secret"
    secret.write_text("hidden tests")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "data.csv").write_text("1,2")
    (folder / "link").symlink_to(secret)
    assert run(slot, "import os; print(os.listdir())", files=working_files(folder))[0] == ["['data.csv']"]
    with pytest.raises(ValueError, match="larger than"):
        slot.fork(Limits(scratch_mb=1), {"big": bytes(2 * 2**20)}, "key")


def test_nothing_to_read(slot):
    cell = attempts(
        root="os.listdir('/')", scratch="os.listdir('/scratch')", sockets="os.listdir('/sockets')",
        grader=f"os.listdir({str(Path(__file__).parents[1])!r})", home="os.listdir('/home')",
        shadow="open('/etc/shadow').read()", pids="[int(p) for p in os.listdir('/proc') if p.isdigit()]",
        parent="os.listdir('/proc/1/fd')", environ="open('/proc/1/environ').read()", own="dict(os.environ)",
        fds="[os.readlink(f'/proc/self/fd/{f}') for f in os.listdir('/proc/self/fd') if int(f) < 200 and "
        "os.path.exists(f'/proc/self/fd/{f}')]",
    )  # fmt: skip
    said = json.loads(run(slot, cell)[0][0])
    system = {
        "bin",
        "content",  # Colab's, in the kernel's own /tmp
        "dev",
        "etc",
        "lib",
        "lib32",
        "lib64",
        "libx32",
        "proc",
        "sbin",
        "scratch",
        "sockets",
        "tmp",
        "usr",
    }
    assert set(said["root"]) <= system | {Path(path).parts[1] for path in (__file__, sys.prefix, sys.base_prefix)}
    assert set(said["grader"]) <= {"grader", ".venv", "venv"} or said["grader"] == "FileNotFoundError"
    assert said["sockets"] == [] and said["home"] == said["shadow"] == "FileNotFoundError"
    assert said["parent"] == said["environ"] == "PermissionError"
    assert max(said["pids"]) < 20
    assert "GRADER_SECRET" not in said["own"]
    assert not [target for target in said["fds"] if target.startswith("/") and target != "/dev/null"]


def test_nothing_to_write(slot):
    places = ("/", "/usr/", "/dev/", "/sockets/", "/scratch/sockets/", "/proc/sys/kernel/", f"{sys.prefix}/")
    cell = attempts(**{place: f"open({place + 'x'!r}, 'w') and 'written'" for place in places})
    assert "written" not in json.loads(run(slot, cell)[0][0]).values()
    cell = attempts(**{place: f"open({place + 'x'!r}, 'w') and 'written'" for place in ("", "/tmp/", "/dev/shm/")})
    assert set(json.loads(run(slot, cell)[0][0]).values()) == {"written"}
    cell = attempts(**{place: f"os.path.exists({place + 'x'!r})" for place in ("", "/tmp/", "/dev/shm/")})
    assert set(json.loads(run(slot, cell)[0][0]).values()) == {False}


def test_no_way_out(slot):
    cell = attempts(
        tcp="socket.create_connection(('1.1.1.1', 80), 2) and 'connected'",
        dns="socket.getaddrinfo('example.com', 80) and 'found'", user="libc.unshare(0x10000000)",
        mount="libc.unshare(0x20000)", umount="libc.umount2(b'/proc', 2)", setuid="os.setuid(0)",
        remount="libc.mount(None, b'/scratch/sockets', None, 32 | 4096, None)", ptrace="libc.ptrace(16, 1, 0, 0)",
        memfd="os.memfd_create('x')", shm="libc.shmget(0, 100, 0o1600)", keys="libc.syscall(250, 1, 0)",
        sudo="subprocess.run(['su', '-c', 'id'], capture_output=True).returncode",
        caps="[s.split()[1] for s in open('/proc/self/status') if s.startswith(('CapEff', 'CapBnd', 'NoNewP'))]",
        threads="[s.split()[1] for t in os.listdir('/proc/self/task') for s in open(f'/proc/self/task/{t}/status') "
        "if s.startswith('CapPrm')]", root="os.getuid() == 0",
    )  # fmt: skip
    said = json.loads(run(slot, cell)[0][0])
    assert said["tcp"] in ("OSError", "TimeoutError") and said["dns"] == "gaierror"
    assert {said[name] for name in ("user", "mount", "umount", "remount", "ptrace", "shm", "keys")} == {-1}
    assert said["setuid"] in ("OSError", "PermissionError") and said["memfd"] == "OSError"
    assert said["sudo"] not in (0,) and said["root"] is False
    assert said["caps"] == ["0" * 16, "0" * 16, "1"]
    assert set(said["threads"]) == {"0" * 16}


FAMILIES = """
import ctypes, errno, json, os
libc = ctypes.CDLL(None, use_errno=True)
def tried(result):
    if result >= 0: os.close(result)
    return "opened" if result >= 0 else errno.errorcode[ctypes.get_errno()]
kinds = (1, 2, 3, 5)
made = {family: {kind: tried(libc.socket(family, kind, 0)) for kind in kinds} for family in range(64)}
odd = ((2, 1, 262), (2, 1, 132), (2, 2, 1), (2, 3, 1), (16, 3, 2), (16, 3, 15))
others, two = [tried(libc.socket(*args)) for args in odd], (ctypes.c_int * 2)()
pairs = [family for family in range(64) if tried(libc.socketpair(family, 1, 0, two)) == "EAFNOSUPPORT"]
print(json.dumps([made, others, pairs]))
"""
CALLS = """
import ctypes, errno, json
libc = ctypes.CDLL(None, use_errno=True)
def tried(number, *args):
    ctypes.set_errno(0)
    return errno.errorcode[ctypes.get_errno()] if libc.syscall(ctypes.c_long(number), *args) < 0 else "done"
print(json.dumps({number: tried(number, *[ctypes.c_long(-1)] * 6) for number in ASKED}))
"""
ARGUMENTS = """
import ctypes, errno, fcntl, json, mmap, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def tried(call, *args):
    ctypes.set_errno(0)
    return errno.errorcode[ctypes.get_errno()] if getattr(libc, call)(*args) < 0 else "done"
libc.mmap.restype = ctypes.c_long
came = {"namespace": tried("syscall", CLONE, 0x10000000 | 17, 0, 0, 0, 0)}
came["descriptors of a thread's own"] = tried("syscall", CLONE, 0x10900, 0, 0, 0, 0)
came["shared"] = tried("mmap", None, ctypes.c_size_t(4096), 3, 0x21, -1, ctypes.c_long(0))
came["shared, validated"] = tried("mmap", None, ctypes.c_size_t(4096), 3, 0x23, -1, ctypes.c_long(0))
try: os.setxattr(".", "user.a", b"x")
except OSError as e: came["attribute"] = e.errno
came["filter"] = tried("prctl", 22, 2, None, 0, 0)
came["pipe"] = tried("fcntl", os.pipe()[0], 1031, ctypes.c_int(2**20))
a, b = socket.socketpair()
before = a.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
came["buffer"] = a.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) - before
with open("/dev/zero", "r+b") as zeros:
    came["zeros"] = zeros.read(3) == bytes(3)
    try:
        for n in range(100): os.pwrite(zeros.fileno(), bytes(2**20), n * 2**20)
        came["all of them"] = "written"
    except OSError as e: came["all of them"] = errno.errorcode[e.errno]
print(json.dumps(came))
"""
REACHED = {"1": "125", "2": "12", "10": "12", "16": "23"}  # families: kinds


def test_only_the_sockets_that_the_stack_uses(slot):
    made, others, pairs = json.loads(run(slot, FAMILIES)[0][0])
    assert {family: "".join(k for k, came in kinds.items() if came == "opened") for family, kinds in made.items()} == {
        **dict.fromkeys(map(str, range(64)), ""),
        **REACHED,
    }
    assert all(set(kinds.values()) == {"EAFNOSUPPORT"} for family, kinds in made.items() if family not in REACHED)
    assert set(others) == {"EPROTONOSUPPORT"}
    assert pairs == [family for family in range(64) if family != 1]


def test_every_system_call_but_those_of_the_list_is_refused(slot):
    allowed = set(seccomp.numbers().values())
    probes = {335, 336} if os.uname().machine == "x86_64" else set()  # whoever calls these is killed by Linux itself
    refused = sorted(set(range(600)) - allowed - probes)
    [said], km = run(slot, f"ASKED = {refused}" + CALLS)
    assert said.startswith("{"), (said, km.limit_hit)
    came = json.loads(said)
    assert set(came.values()) == {"ENOSYS"} and len(came) > 300
    never = (
        "unshare",
        "setns",
        "mount",
        "ptrace",
        "bpf",
        "io_uring_setup",
        "memfd_create",
        "semget",
        "keyctl",
        "clone3",
    )
    assert not {*never} & set(seccomp.numbers())
    beyond = [2**30 + number for number in (0, 39)]  # of another ABI
    assert set(json.loads(run(slot, f"ASKED = {beyond}" + CALLS)[0][0]).values()) == {"ENOSYS"}


def test_the_documented_list_is_the_list():
    text = (Path(__file__).parents[1] / "docs" / "grading.md").read_text("utf-8").split("```text\n")[1].split("```")[0]
    assert set(re.findall(r"[a-z0-9_]+(?!\w*:)\b", text)) == set(seccomp.numbers("x86_64"))
    assert set(seccomp.numbers("aarch64")) < set(seccomp.numbers("x86_64"))


def test_what_a_system_call_may_not_be_asked_for(slot):
    came = json.loads(run(slot, f"CLONE = {seccomp.numbers()['clone']}" + ARGUMENTS, scratch_mb=20)[0][0])
    assert came.pop("zeros") is True and came.pop("buffer") == 0 and came.pop("all of them") == "ENOSPC"
    assert came.pop("attribute") == errno.ENOTSUP
    assert came == dict.fromkeys(came, "EPERM")


HONEST = {  # name: (cell, what it prints in the end)
    "programs": (
        "!echo hola > a.txt; ls; cp a.txt b.txt; tar czf a.tgz *.txt; sort a.txt | uniq; head -c 9 /dev/zero | wc -c",
        "9",
    ),
    "python": ("import subprocess, sys\nprint(subprocess.check_output([sys.executable, '-c', 'print(1)']))", "b'1\\n'"),
    "processes": (
        "import multiprocessing as mp\nfrom multiprocessing.shared_memory import SharedMemory\n"
        "with mp.Pool(3) as pool: doubled = pool.map(abs, [-1, 2])\nqueue, value = mp.Queue(), mp.Value('i', 3)\n"
        "process = mp.Process(target=queue.put, args=(4,)); process.start(); got = queue.get(); process.join()\n"
        "with mp.Manager() as manager: shared = dict(manager.dict(a=5))\n"
        "block = SharedMemory(create=True, size=9); block.buf[0] = 6\n"
        "six = block.buf[0]; block.close(); block.unlink()\n"
        "print(doubled, value.value, got, shared, six)",
        "[1, 2] 3 4 {'a': 5} 6",
    ),
    "spawned": (
        "import multiprocessing as mp\nwith mp.get_context('spawn').Pool(1) as pool: print(pool.map(abs, [-1]))",
        "[1]",
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\nprint(sum(ThreadPoolExecutor(20).map(abs, range(-9, 0))))",
        "45",
    ),
    "network": (
        "import asyncio, socket\nasync def serve(reader, writer): writer.write(b'hola'); writer.close()\n"
        "said = []\nfor host in ('127.0.0.1', '::1'):\n    server = await asyncio.start_server(serve, host, 0)\n"
        "    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])\n"
        "    said.append(await reader.read()); writer.close(); server.close()\nprint(said)",
        "[b'hola', b'hola']",
    ),
    "files": (
        "import fcntl, h5py, mmap, numpy as np, pandas as pd, shutil, sqlite3\nd = pd.DataFrame({'a': [1, 2]})\n"
        "d.to_csv('a.csv'); shutil.copy2('a.csv', 'b.csv'); c = sqlite3.connect('c.db'); d.to_sql('t', c)\n"
        "with h5py.File('d.h5', 'w') as file: file['x'] = np.ones(3)\n"
        "m = np.memmap('e', dtype='f4', mode='w+', shape=5); m[:] = 1; m.flush()\n"
        "private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE); private[0] = 7\n"
        "print(len(pd.read_csv('b.csv')), pd.read_sql('select a from t', c).a.sum(), m.sum(), private[0])",
        "2 3 5.0 7",
    ),
    "scikit-learn": (
        "from sklearn.datasets import load_wine\nfrom sklearn.ensemble import RandomForestClassifier\n"
        "from sklearn.model_selection import cross_val_score\n"
        "forest = RandomForestClassifier(5, n_jobs=2)\n"
        "print(cross_val_score(forest, *load_wine(return_X_y=True), n_jobs=2).mean() > 0.7)",
        "True",
    ),
    "TensorFlow": (
        "import tensorflow as tf\nd = tf.data.Dataset.range(100).map(lambda x: x * 2, num_parallel_calls=2).batch(9)\n"
        "f = tf.function(lambda x: x * x + 1, jit_compile=True)\n"
        "print(sum(int(tf.reduce_sum(b)) for b in d.prefetch(1)), float(f(tf.constant(2.0))))",
        "9900 5.0",
    ),
    "Keras": (
        "import keras, numpy as np\nm = keras.Sequential([keras.layers.Dense(1)]); m.compile('adam', 'mse')\n"
        "m.fit(np.ones((9, 2)), np.ones(9), verbose=0); m.save('m.keras')\n"
        "print(keras.saving.load_model('m.keras').predict(np.ones((9, 2)), verbose=0).shape)",
        "(9, 1)",
    ),
}


@pytest.fixture(scope="module")
def honest(slot):
    """What the cells of HONEST print, all in one notebook."""
    said, km = run(slot, *(cell for cell, _ in HONEST.values()), timeout=120)
    assert km.limit_hit is None
    return dict(zip(HONEST, said, strict=True))


@pytest.mark.parametrize("kind", HONEST)
def test_what_honest_notebooks_do_is_allowed(honest, kind):
    assert honest[kind].splitlines()[-1:] == [HONEST[kind][1]], honest[kind]


def test_the_network_remembers_no_notebook(slot):
    look = (
        "\nimport os\nrows = [line.split() for line in open('/proc/net/snmp') if line.startswith('Udp:')]\n"
        "left = sum(line.split()[3] == '06' for line in open('/proc/net/tcp'))\n"
        "print(os.readlink('/proc/self/ns/net'), dict(zip(*rows))['OutDatagrams'], left)"
    )
    send = (
        "import socket\nudp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "for _ in range(42): udp.sendto(b'x', ('127.0.0.1', 9))\n"
        "server = socket.create_server(('127.0.0.1', 20117)); client = socket.create_connection(('127.0.0.1', 20117))\n"
        "server.accept()[0].close(); client.recv(1); client.close()"
    )
    first, second = (run(slot, cell + look)[0][0].split() for cell in (send, ""))
    assert int(first[1]) >= 20 and int(first[2]) > 0  # it has left something
    assert second[1:] == ["0", "0"]
    assert second[0] != str(Path(f"/proc/{warm_process(slot).pid}/ns/net").readlink())


LOCKS = """
import fcntl, sys, tempfile
file = tempfile.TemporaryFile()
for n in range(4000): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * n)
print("locked", flush=True)
sys.stdin.read()
"""


FORKS_OF = """
import os, sys
for _ in range(40):
    if bool(os.fork()) == (sys.argv[1] == "a row"):
        break
print("x", end="", flush=True)
sys.stdin.read()
"""


def test_forks_in_a_row_count_for_more():
    sizes = {}
    for shape in ("a row", "one"):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", FORKS_OF, shape], **pipes) as process:
            assert process.stdout.read(41) == b"x" * 41
            sizes[shape] = held(
                [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)], 1e9
            )
            process.stdin.close()
    assert sizes["a row"] > 2 * sizes["one"]


def test_where_no_process_can_be_started_what_is_held_is_counted_from_outside(monkeypatch):
    def refuse_to_fork(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "run", refuse_to_fork)
    assert held_within(os.getpid(), [psutil.Process()], 60) > 0


def test_a_kernel_that_cannot_be_watched_is_ended(slot, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(watch, "network_buffers", fail)
    kernel = slot.fork(Limits(), None, "key")
    assert kernel.ended.wait(30) and kernel.limit_hit == "dead"
    kernel.close()


def test_locks_are_counted():
    ours = psutil.Process()
    with subprocess.Popen([sys.executable, "-c", LOCKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        locked = held([ours], time.thread_time() + 60)
        process.stdin.close()
    assert locked - held([ours], time.thread_time() + 60) > 3000 * LOCK


def test_a_kernel_has_a_user_of_its_own(slot):
    if os.getuid() != 0:
        pytest.skip("only root can give kernels users of their own")
    kernels = [slot.fork(Limits(), None, "key") for _ in range(2)]
    users = [{uid for pid in kernel._pids for uid in psutil.Process(pid).uids()} for kernel in kernels]
    for kernel in kernels:
        kernel.close()
    assert len(users[0]) == len(users[1]) == 1 and users[0] != users[1]


@pytest.mark.parametrize("place", ["env", "."], ids=["in a home", "is a home"])
def test_a_python_behind_links_brings_no_home(place):
    """An environment below /tmp, whose Python is a link into a folder of a home that other things lie in, too."""
    site = next(path for path in sys.path if path.endswith("site-packages"))
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        home = Path(folder, "mi casa")  # a blank is no blank in the list of mounts
        (home / "links").mkdir(parents=True)
        (home / "token").write_text("secret")
        python = home / "links" / f"python3.{sys.version_info.minor}"
        python.symlink_to(Path(sys.executable).resolve())
        subprocess.run([python, "-m", "venv", "--without-pip", home / place], check=True)
        [packages] = (home / place / "lib").glob("*/site-packages")
        (packages / "stack.pth").write_text(f"{site}\n{root}\n")
        cell = (
            "import os, sys\n"
            f"print(os.path.samefile(sys.prefix, {str(home / place)!r}), {str(home)!r} in sys.executable)\n"
            f"print(os.path.exists({str(home / 'links')!r}), os.path.exists({str(home / 'token')!r}))\n"
            "open('/tmp/x', 'w').write('x'); print(os.path.exists('/tmp/x'))"
        )
        code = f"from tests.test_sandbox import Slot, run\nwith Slot() as slot: print(*run(slot, {cell!r})[0])"
        done = subprocess.run(
            [home / place / "bin" / "python", "-c", code],
            env={**os.environ, "HOME": str(home)},
            **{"capture_output": True, "text": True, "cwd": root, "check": False},
        )
        assert done.stdout.split() == ["True", "True", "True", "False", "True"], done.stderr[-3000:]


def test_seen_from_the_host_it_is_nobody(slot):
    kernel = slot.fork(Limits(), None, "key")
    tree = [psutil.Process(pid) for pid in kernel._pids]
    assert all(uid != 0 for process in tree for uid in process.uids())
    kernel.close()
    assert psutil.wait_procs(tree, timeout=5)[1] == []
    assert not kernel.folder.exists()


def test_random_numbers_differ(slot):
    cell = "import random, numpy, keras\nprint(random.random(), numpy.random.rand(), float(keras.random.uniform(())))"
    first, second = (run(slot, cell)[0][0].split() for _ in range(2))
    assert not set(first) & set(second)


FORKS = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        x = bytearray(3 * 10**8)
        break
time.sleep(60)"""
THREADS = """
import threading, time
for _ in range(80):
    threading.Thread(target=time.sleep, args=(60,)).start()
time.sleep(60)"""

SPREAD = """
import ctypes, mmap, os, select, socket, time
def spread(count, take):
    for _ in range(count):
        if os.fork() == 0:
            try: kept = take()
            finally: time.sleep(60)
    time.sleep(60)
def buffers():
    pairs = [socket.socketpair() for _ in range(450)]
    for a, b in pairs:
        a.setblocking(False)
        try:
            while True: a.send(bytes(60_000))
        except OSError: pass
    return pairs
def pipes(): return [os.pipe() for _ in range(450)]
def watches():
    fds, kept = [fd for _ in range(200) for fd in os.pipe()], []
    for _ in range(60):
        kept.append(select.epoll())
        for fd in fds: kept[-1].register(fd)
    return kept
def mappings():
    start = libc.mmap(None, ctypes.c_size_t(2**28), 1, 0x22, -1, ctypes.c_long(0))
    for n in range(0, 60_000, 2): libc.mprotect(ctypes.c_void_p(start + n * 4096), ctypes.c_size_t(4096), 3)
def tables():
    memory = mmap.mmap(-1, 2**38, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
    return memory, [memory[n] for n in range(0, 2**38, 2**21)]
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_long
"""

BYPASS = """
outlet = get_ipython().kernel.iopub_thread.send_multipart
outlet.left, outlet.fits = 10**15, lambda *_: True
"""


@pytest.mark.parametrize(
    ("reason", "cell", "limits"),
    [
        ("memory", FORKS, {"memory_mb": 800}),
        ("processes", "import os\nwhile True: os.fork()", {"processes": 60}),
        ("processes", THREADS, {"processes": 60}),
        ("memory", SPREAD + "spread(4, buffers)", {"memory_mb": 700}),
        ("memory", SPREAD + "spread(30, pipes)", {"memory_mb": 700}),
        ("memory", SPREAD + "spread(4, watches)", {"memory_mb": 700}),
        ("memory", SPREAD + "mappings(); spread(50, int)", {"memory_mb": 700}),
        ("memory", SPREAD + "kept = tables(); time.sleep(60)", {"memory_mb": 700}),
        ("wall", "import time\ntime.sleep(60)", {"wall_seconds": 1}),
        ("cpu", "while True: pass", {"cpu_seconds": 2}),
        ("output", BYPASS + "while True: print('x' * 1000)", {"output_mb": 1}),
        ("output", BYPASS + "print('x' * 80_000_000)", {}),
        (None, "import os\nos._exit(3)", {}),
        (None, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", {}),
    ],
    ids=[
        "memory",
        "forks",
        "threads",
        "sockets",
        "pipes",
        "watches",
        "mappings",
        "page tables",
        "wall",
        "cpu",
        "output",
        "long output",
        "exit",
        "kill",
    ],
)
def test_limits(slot, reason, cell, limits):
    began = time.monotonic()
    said, km = run(slot, cell, "print('alive')", **limits)
    assert km.limit_hit == reason
    assert "alive" not in said
    assert time.monotonic() - began < 40
    assert run(slot, "print(1)")[0] == ["1"]  # the next one does not notice


def outputs(slot, *cells, **limits):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    km = SandboxKernelManager(slot=slot, limits=Limits(**limits))
    times = {"timeout": 3, "iopub_timeout": 60}  # the latter for what is shown late, on a busy machine
    NotebookClient(nb, km=km, allow_errors=True, interrupt_on_timeout=True, **times).execute(cleanup_kc=True)
    assert km.limit_hit is None
    return [cell.outputs for cell in nb.cells]


LONG = {  # 2 MB or far more; one message or very many
    "one print": "print('x' * 2_000_000)",
    "longer than a message may be": "print('x' * 80_000_000)",
    "one picture": "display('x' * 2_000_000)",
    "many pictures": "for n in range(40): display('x' * 50_000)",
    "a value": "'x' * 2_000_000",
    "an error": "raise ValueError('x' * 80_000_000)",
    "an update": "handle = display('x', display_id=True); handle.update('x' * 2_000_000)",
    "many lines": "for n in range(100_000): print('x' * 20)",
    "control characters": "print('\\r\\x1b' * 200_000)",  # three times as long in a message
    "a child": "import subprocess; print(subprocess.getoutput('yes | head -c 2000000'))",
    "system": "!yes | head -c 2000000",
    "a thread": "import threading\nt = threading.Thread(target=print, args=('x' * 2_000_000,))\nt.start(); t.join()",
    "widgets": "import comm\ncomm.create_comm(target_name='a', data={'x': 'x' * 2_000_000})",
}


@pytest.mark.parametrize("cell", LONG.values(), ids=LONG)
def test_too_long_an_output_is_left_out_and_named(slot, cell):
    before, long, after = outputs(slot, "print('antes')", cell, "1 + 1", output_mb=1)
    assert before[0].text == "antes\n" and after[0].data["text/plain"] == "2"
    notes = [text for o in long if "Aquí había una salida de" in (text := o.get("data", {}).get("text/plain", ""))]
    assert len(notes) == 1 and "se ha dejado fuera" in notes[0]
    assert len(json.dumps(long)) < 1.2 * 2**20
    if "print('x" in cell:
        assert long[0].text.startswith("x" * 20)  # its beginning is there


def test_output_below_the_limit_is_whole(slot):
    text = "á\r\n\x1b[1m" * 40_000  # 400 kB, and more in messages
    [[output]] = outputs(slot, f"import sys; sys.stdout.write({text!r});", output_mb=1)
    assert output.text == text


def test_prints_leave_room_for_the_error_that_ends_them(slot):
    cell = "import time\nend = time.time() + 2\nwhile time.time() < end: print('x' * 100)\nraise ValueError('x' * 6000)"
    shown, after = outputs(slot, cell, "print('sigue')", output_mb=1)
    assert [len(o.evalue) for o in shown if o.output_type == "error"] == [6000]
    assert after[0].text == "sigue\n"


def test_an_endless_print_ends_with_its_time(slot):
    """It neither fills the memory nor the notebook."""
    flood, after = outputs(slot, "while True: print('x' * 1000)", "print('sigue')", output_mb=1, memory_mb=600)
    assert [o.ename for o in flood if o.output_type == "error"] == ["KeyboardInterrupt"]
    assert len(json.dumps(flood)) < 1.2 * 2**20 and after[0].text == "sigue\n"


def test_too_large_an_array_is_an_error_of_its_cell(slot):
    said, km = run(slot, "import numpy as np\na = np.ones(10**9)", "print(1)", memory_mb=2000)
    assert "Unable to allocate" in said[0] and said[1] == "1" and km.limit_hit is None


def test_disk_limits(slot):
    cell = attempts(
        file="open('a', 'wb').write(bytes(3 * 2**20))",
        all="[open(f'b{i}', 'wb').write(bytes(2**20)) for i in range(9)]",
    )
    said = json.loads(run(slot, cell, file_mb=2, scratch_mb=8)[0][0])
    assert said == {"file": "OSError", "all": "OSError"}


def test_interrupt(slot):
    said, _ = run(slot, "import time\ntime.sleep(60)", "print('after')", timeout=2)
    assert said == ["KeyboardInterrupt:", "after"]


def test_kill_what_ignores_interrupts_and_daemons(slot):
    said, km = run(
        slot,
        "import signal, subprocess, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "daemon = subprocess.Popen('setsid sh -c \"sleep 987654 & sleep 987654\" &', shell=True)\ntime.sleep(1)",
    )
    assert said == [""] and km.limit_hit is None
    assert not [p for p in psutil.process_iter(["cmdline"]) if "987654" in (p.info["cmdline"] or [])]


def test_many_kernels_leave_nothing(slot):
    warm = warm_process(slot)

    def state():
        return psutil.Process().num_fds(), warm.num_fds(), warm.children(), list((slot.folder / "kernels").iterdir())

    run(slot, "1")
    gc.collect()
    before, rss = state(), warm.memory_info().rss
    assert before[2:] == ([], [])
    times = []
    for _ in range(15):
        began = time.monotonic()
        kernel = slot.fork(Limits(), {"a": b"1"}, "key")
        times.append(time.monotonic() - began)
        kernel.close()
    time.sleep(0.5)
    assert state() == before
    assert warm.memory_info().rss < rss + 20 * 2**20
    assert sorted(times)[7] < 2


def test_warm_process_cannot_be_killed_from_within(slot):
    process = slot.process
    cell = attempts(first="os.kill(1, 9)", all="os.kill(-1, 9)", supervisor="os.kill(os.getppid(), 9)")
    assert json.loads(run(slot, cell, "print(1)")[0][0])["all"] == "ProcessLookupError"
    assert slot.process is process and process.poll() is None


def test_warm_process_is_replaced_when_it_dies(slot):
    process = slot.process
    warm_process(slot).kill()
    assert run(slot, "print(1)")[0] == ["1"]
    assert slot.process is not process


def test_only_the_modules_that_are_named_are_imported_before():
    with Slot(preload=("uuid", "wave")) as slot:
        said, _ = run(slot, "import sys; print({'keras', 'tensorflow', 'wave'} & set(sys.modules))")
    assert said == ["{'wave'}"]
    with Slot(preload=("no_such_module",)) as slot, pytest.raises(StartError, match="No module named 'no_such_module'"):
        slot.start()


def test_without_a_sandbox():
    with Slot(sandbox=False) as slot:
        said, km = run(
            slot,
            "import os, subprocess\nsubprocess.Popen('setsid sleep 876543 &', shell=True)\nprint(open('a').read(), "
            "os.getcwd() == os.path.realpath(os.getcwd()))",
            files={"a": b"1"},
        )
        assert said[0].startswith("1 True") and km.limit_hit is None
        assert not [p for p in psutil.process_iter(["cmdline"]) if "876543" in (p.info["cmdline"] or [])]
        assert run(slot, "while True: pass", cpu_seconds=1)[1].limit_hit == "cpu"
        assert list((slot.folder / "kernels").iterdir()) == []


def test_it_says_what_to_install(monkeypatch):
    check_sandbox.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable, match=r"install bubblewrap.*--no-sandbox"):
        check_sandbox()
    monkeypatch.undo()
    check_sandbox()


def test_check_says_what_the_walls_are_made_of():
    program, root = Path(sys.executable).parent / "grader", Path(__file__).parents[1]
    said = subprocess.check_output([program, "check"], cwd=root, text=True)
    assert said.startswith("The sandbox works.\n") and "Users: " in said and "Memory: " in said
    assert f"{len(seccomp.numbers())} are allowed, all others refused" in said
