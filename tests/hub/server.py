"""A JupyterHub on this machine alone, set up by the commands of docs/operator.md and run as its services run it."""

import os
import secrets
import shlex
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..course import BIN, ROOT, free_ports, wait_for_answer
from ..guides import commands

CLOSED = [
    ROOT / name for name in (".git", "data", "source", "outcomes", "tests")
]  # to all but root, by the second command
GROUP = "prueba-docentes"


@dataclass(frozen=True)
class Place:
    """What is set up: the folders of the exchange and of the class, and the variables of the services."""

    exchange: Path
    course: Path
    variables: Path

    def adapted(self, text, instructors):
        """Return a text of the guide with the names of this place."""
        ours = {
            "/srv/nbgrader/exchange": str(self.exchange),
            "/srv/redes-neuronales": str(self.course),
            "/etc/redes-neuronales.env": str(self.variables),
            "profesora ayudante": " ".join(instructors),
            "docentes": GROUP,
        }
        for example, own in ours.items():
            text = text.replace(example, own)
        return text

    def environment(self):
        """Return the environment of a service."""
        lines = [line.partition("=") for line in self.variables.read_text("utf-8").splitlines()]
        assert all(value for _, _, value in lines), lines
        return {**clean_environment(), **{name: value for name, _, value in lines}}


def set_up(folder, instructors):
    """Run the documented commands for a class of its own in `folder`; return its Place. They close the repository."""
    place = Place(folder / "exchange", folder / "redes-neuronales", folder / "redes-neuronales.env")
    *lines, last = commands("operator.md", "Set it up")
    assert last == "make hub"
    root(place, *lines, *commands("operator.md", "Run it as a service"), instructors=instructors)
    return place


def root(place, *lines, instructors=(), expected=0, variables=None):
    """Run documented lines of shell as root in the repository, with the names of a Place; return the process."""
    done = subprocess.run(
        ["bash", "-euc", place.adapted("\n".join(lines), instructors)],
        cwd=ROOT,
        env=variables or clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done


def clean_environment():
    """Return this environment with the programs of the course, and without what make hands down."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "COURSE_"))}
    return {**kept, "PATH": f"{BIN}:{os.environ['PATH']}"}


def unit(name):
    """Return {key: value} of one of the services in hub/."""
    text = (ROOT / "hub" / f"redes-neuronales-{name}.service").read_text("utf-8")
    lines = [line.partition("=") for line in text.splitlines() if not line.startswith(("#", "["))]
    return {key: value for key, _, value in lines if key}


@dataclass
class Hub:
    """A hub and its proxy, two services. password: the same for all users."""

    place: Place
    folder: Path
    addresses: dict = field(repr=False)  # those of the units, and those of this hub
    password: str = field(default_factory=secrets.token_urlsafe, repr=False)
    process: subprocess.Popen = None
    proxy: subprocess.Popen = None

    @property
    def url(self):
        """Where users come in."""
        return self.addresses["127.0.0.1:8000"]

    @property
    def exchange(self):
        """The folder of the exchange."""
        return self.place.exchange

    def service(self, name, *options, **variables):
        """Start a service of hub/ as systemd would, its output in a log; return its process."""
        argv = unit(name)["ExecStart"]
        for documented, own in self.addresses.items():
            argv = argv.replace(documented, own.removeprefix("http://"))
            argv = argv.replace(f"={documented.rpartition(':')[2]} ", f"={own.rpartition(':')[2]} ")
        with (self.folder / f"{name}.log").open("a") as output:
            nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if "DynamicUser" in unit(name) else {}
            return subprocess.Popen(
                [*(word.replace("/opt/redes-neuronales", str(ROOT)) for word in shlex.split(argv)), *options],
                cwd=self.folder if "WorkingDirectory" in unit(name) else "/",
                **nobody,
                env={**self.place.environment(), **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_proxy(self):
        """Start the proxy, for the first time or again."""
        if self.proxy:
            self.proxy.terminate()
            self.proxy.wait(30)
        self.proxy = self.service("proxy")

    def start(self, **variables):
        """Start the hub, alone, and wait until it answers. variables: additional ones of its environment."""
        options = {
            "JupyterHub.bind_url": self.url,
            "JupyterHub.hub_bind_url": self.addresses["127.0.0.1:8081"],
            "JupyterHub.authenticator_class": "dummy",  # no PAM: the users have no passwords of their own
            "DummyAuthenticator.password": self.password,
        }
        self.process = self.service("hub", *(f"--{name}={value}" for name, value in options.items()), **variables)
        wait_for_answer(f"{self.url}/hub/health", self.process, self.folder / "hub.log")

    def stop(self):
        """Stop the hub, alone, as its unit says."""
        assert unit("hub")["KillMode"] == "process"
        self.process.terminate()
        self.process.wait(60)

    def servers(self, user):
        """Return the running JupyterLabs of a user."""
        found = user.processes("cmdline", "environ")  # these are None of what has just ended
        return [p for p in found if "jupyterhub-singleuser" in " ".join(p.info["cmdline"] or [])]

    def environment(self, user):
        """Return the environment of the user's JupyterLab, and so of a terminal in it."""
        (server,) = self.servers(user)
        return server.info["environ"]


@contextmanager
def running_hub(folder, place):
    """Run hub and proxy, their own files in `folder`; yield a Hub. Users' servers stay, and end with their users."""
    ports = dict(zip(("127.0.0.1:8000", "127.0.0.1:8001", "127.0.0.1:8081"), free_ports(3), strict=True))
    hub = Hub(place, folder, {documented: f"http://127.0.0.1:{own}" for documented, own in ports.items()})
    try:
        hub.start_proxy()
        hub.start()
        yield hub
    finally:
        if hub.process and hub.process.poll() is None:
            hub.stop()
        if hub.proxy:
            hub.proxy.terminate()
            hub.proxy.wait(30)


@contextmanager
def modes_kept(paths):
    """Give files and folders their permissions back afterwards."""
    modes = {path: path.stat().st_mode for path in paths}
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
