"""A server of PostgreSQL for tests: a cluster of its own on the loopback, of a user who is not root."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

USER, PASSWORD = "profesora", "not a secret: of a server that lives for a test"
OWNER = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root


def programs():
    """Return the folder of the server's programs, the newest that there is, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found += [Path(path).resolve() for path in [shutil.which("initdb")] if path and not found]
    return found[-1].parent if found else None


class Server:
    """A running server; usable as a context manager. port: on 127.0.0.1, the same after a new start."""

    def __init__(self):
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        if OWNER:
            shutil.chown(self.folder, OWNER)
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o644)
        self._run("initdb", "--username", USER, "--pwfile", self.folder / "password", "--auth=scram-sha-256",
                  "--encoding=UTF8", "--no-locale", "--no-sync", self.folder / "data")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        """Start it and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "--timeout=120", "--log", self.folder / "log", "--options", options)

    def stop(self):
        """Stop it at once, whoever is connected."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--timeout=120", "--mode=immediate")

    def new_database(self, name):
        """Make a database and return its address for nbgrader, without the password."""
        with psycopg.connect(self.address("postgres"), password=PASSWORD, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.address(name).replace("postgresql:", "postgresql+psycopg:")

    def address(self, database):
        """Return the address of a database, as PostgreSQL writes it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def _run(self, program, *arguments):
        done = subprocess.run(
            [self._programs / program, *arguments],
            env={"PGDATA": str(self.folder / "data"), "LC_ALL": "C", "PATH": os.environ["PATH"]},
            cwd=self.folder, user=OWNER, extra_groups=[] if OWNER else None, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=(log := (self.folder / "said").open("ab")), timeout=300,
        )  # fmt: skip
        log.close()
        assert done.returncode == 0, (self.folder / "said").read_text()
