"""A JupyterHub on this machine alone, started by the commands of docs/operator.md."""

import os
import secrets
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ..conftest import BIN, ROOT
from ..guides import commands

CLOSED = [ROOT / name for name in (".git", "data", "source", "tests")]  # to all but root, by the first command


@dataclass(frozen=True)
class Hub:
    """A running hub. password: the same for all users."""

    url: str
    exchange: Path
    log: Path
    password: str = field(repr=False)

    def environment(self, user):
        """Return the environment of the user's JupyterLab, and so of a terminal in it."""
        for process in psutil.process_iter(["username", "cmdline", "environ"]):  # None of what has just ended
            facts = process.info
            if facts["username"] == user.name and "jupyterhub-singleuser" in " ".join(facts["cmdline"] or []):
                return facts["environ"]
        raise AssertionError(f"{user.name} has no JupyterLab running on the hub")


@contextmanager
def running_hub(folder, exchange, instructor):
    """Start the hub, its own files in `folder`; yield a Hub; stop it with the servers of its users."""
    url, *own_urls = (f"http://127.0.0.1:{port}" for port in free_ports(3))
    hub = Hub(url, exchange, folder / "hub.log", secrets.token_urlsafe())
    script = start_script(folder, hub, instructor, *own_urls)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    with modes_kept(CLOSED), hub.log.open("w") as output:
        process = subprocess.Popen(
            ["bash", "-euc", script],
            cwd=ROOT,
            env={**environment, "PATH": f"{BIN}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for_answer(f"{hub.url}/hub/health", process, hub.log)
            yield hub
        finally:
            stop(process)


def start_script(folder, hub, instructor, hub_url, proxy_url):
    """Return the documented commands that start a hub, with the names and addresses of this one."""
    options = {
        "JupyterHub.bind_url": hub.url,
        "JupyterHub.hub_bind_url": hub_url,
        "JupyterHub.db_url": f"sqlite:///{folder}/hub.sqlite",
        "JupyterHub.cookie_secret_file": folder / "cookie_secret",
        "JupyterHub.authenticator_class": "dummy",  # no PAM: the users have no passwords of their own
        "DummyAuthenticator.password": hub.password,
        "ConfigurableHTTPProxy.api_url": proxy_url,
        "ConfigurableHTTPProxy.pid_file": folder / "proxy.pid",
    }
    hub_options = shlex.join(f"--{name}={value}" for name, value in options.items())
    ours = {
        "/srv/nbgrader/exchange": str(hub.exchange),
        "profesora": instructor.name,
        # What the tests run in is installed: make has nothing to look after.
        "make hub": f"make --old-file=.venv/ready --old-file=.venv/hub hub HUB_OPTIONS={shlex.quote(hub_options)}",
    }
    script = "\n".join(commands("operator.md", "Start it"))
    for example, own in ours.items():
        assert example in script, f"docs/operator.md does not say {example!r}"
        script = script.replace(example, own)
    return script


@contextmanager
def modes_kept(paths):
    """Give files and folders their permissions back afterwards."""
    modes = {path: path.stat().st_mode for path in paths}
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def free_ports(count):
    """Return ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def wait_for_answer(url, process, log, seconds=90):
    """Wait until `url` answers; fail with the end of the log when the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except urllib.error.URLError:
            time.sleep(0.3)
    raise AssertionError(f"The hub did not answer at {url} within {seconds} s:\n{log.read_text()[-3000:]}")


def stop(process):
    """Ask the hub to stop, which stops the proxy and all servers; end what is left after half a minute."""
    family = [process, *psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []
    if family:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
    for left in psutil.wait_procs(family[1:], timeout=30)[1]:
        with suppress(psutil.NoSuchProcess):
            left.kill()
