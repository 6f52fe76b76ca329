"""Users of the system, for as long as a test needs them."""

import os
import pwd
import shlex
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..guides import commands

PREFIX = "prueba-"  # theirs alone: who has such a name is left over from a killed run and is removed


@dataclass(frozen=True)
class User:
    """A user of the system with a home."""

    name: str
    home: Path

    def run(self, command, environment=None, *, timeout=120, expected=0):
        """Run a line of shell in the user's home, as the user; assert its exit status, return the completed process."""
        done = subprocess.run(
            ["bash", "-c", command],
            user=self.name,
            group=self.name,
            extra_groups=os.getgrouplist(self.name, pwd.getpwnam(self.name).pw_gid),
            cwd=self.home,
            env=environment or {"HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == expected, f"{self.name}: {command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def processes(self, *facts):
        """Return the processes that run as this user. facts: what else psutil is to look up of them."""
        return [p for p in psutil.process_iter(["username", *facts]) if p.info["username"] == self.name]


@contextmanager
def users(names, homes):
    """Yield {name: User}, made as documented, homes in the folder `homes`; remove them with all they left running."""
    made = {name: User(PREFIX + name, homes / name) for name in names}
    try:
        for user in made.values():
            remove(user)
            *useradd, _ = shlex.split(commands("operator.md", "Accounts")[0])
            subprocess.run([*useradd, "--home-dir", user.home, user.name], check=True, timeout=30)
        yield made
    finally:
        for user in made.values():
            remove(user)


def remove(user):
    """Remove a user if there is one, and end its processes."""
    processes = user.processes()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=10)
    subprocess.run(["userdel", "--force", user.name], stderr=subprocess.DEVNULL, timeout=30)
