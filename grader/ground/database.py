"""The gradebook's database, a file of SQLite or a server with PostgreSQL: how to wait for it, when to try again, and
what to say where it cannot be used."""

import sqlite3
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, TypeVarTuple

from nbgrader.api import BaseCell, Gradebook, InvalidEntry
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, SAWarning
from sqlalchemy.orm.exc import FlushError, StaleDataError

LOCKED_SECONDS = 30  # to wait for what another program has locked
ATTEMPTS = 5  # to write what another grader writes too
UNUSABLE = (ModuleNotFoundError, ArgumentError)  # of an address that names no database
FULL_DISK = "The disk is full: make room, then run the same command again. What is graded stays."
LONGEST = BaseCell.name.type.length  # of a name; SQLite does not look at it
_NETWORK = {"connect_timeout": 10, "tcp_user_timeout": 30_000}  # s, ms: a server that is gone answers nothing
_NETWORK |= {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4}
_LOST = ("08", "28", "3D", "57P", "53300")  # beginnings of SQLSTATE: no server, no login, no database, it goes down
_COLLIDED = ("40", "23")  # deadlock, or what must be there once
_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


def install() -> None:
    """Let every new connection to a gradebook wait for others that write to it, and not for ever for a server; let
    SQLAlchemy's warnings, which are about nbgrader's code and come with each submission, be silent."""
    warnings.simplefilter("ignore", SAWarning)
    for name, listener in (("do_connect", _call_once), ("connect", _be_patient)):
        if not event.contains(Engine, name, listener):
            event.listen(Engine, name, listener)


def _call_once(dialect: Dialect, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
    if dialect.driver == "psycopg":
        for name, value in _NETWORK.items():
            parameters.setdefault(name, value)


def _be_patient(connection: Any, _: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * LOCKED_SECONDS)}")
    elif type(connection).__module__.startswith("psycopg"):
        connection.execute(f"SET lock_timeout = {int(1000 * LOCKED_SECONDS)}")
        connection.commit()


def cause(error: BaseException) -> BaseException:
    """Return the DBAPIError of SQLAlchemy that nbgrader has made `error` of; any other error as it is."""
    if isinstance(error, InvalidEntry) and isinstance(error.__context__, DBAPIError | FlushError | StaleDataError):
        return error.__context__
    return error


def is_lost(error: BaseException) -> bool:
    """Tell whether `error` says that the gradebook's server is out of reach: no other submission fares better."""
    error = cause(error)
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    state = getattr(error.orig, "sqlstate", None)
    gone = isinstance(error, OperationalError) and (not state or state.startswith(_LOST))
    return gone or error.connection_invalidated


def _has_collided(error: BaseException) -> bool:
    """Tell whether another grader has written the same to the gradebook at the same moment."""
    error = cause(error)
    if isinstance(error, DBAPIError):
        return isinstance(error, IntegrityError) or (getattr(error.orig, "sqlstate", None) or "").startswith(_COLLIDED)
    return isinstance(error, FlushError | StaleDataError)


def undisturbed(function: Callable[[*_Arguments], _Result], *args: *_Arguments) -> _Result:
    """Return function(*args), called again where another grader has written the same to the gradebook meanwhile."""
    for attempt in range(1, ATTEMPTS):
        try:
            return function(*args)
        except Exception as error:
            if not _has_collided(error):
                raise
        time.sleep(0.1 * attempt)
    return function(*args)


def too_long(gradebook: Gradebook, names: Iterable[str]) -> list[str]:
    """Return those of `names` that an open Gradebook has no room for."""
    return [] if gradebook.engine.dialect.name == "sqlite" else [name for name in names if len(name) > LONGEST]


def database_sentence(error: BaseException) -> str:
    """Return what to do about a DBAPIError of SQLAlchemy, or one of UNUSABLE."""
    if isinstance(error, UNUSABLE):
        return (
            f"c.CourseDirectory.db_url in nbgrader_config.py cannot be used ({error}). For PostgreSQL it is "
            "postgresql+psycopg://USER@SERVER/DATABASE, and `pip install 'psycopg[binary]'` brings what that needs."
        )
    assert isinstance(error, DBAPIError)
    text, state = " ".join(str(error.orig).split()), getattr(error.orig, "sqlstate", None) or ""
    if is_lost(error):
        return (
            f"The gradebook's server cannot be used ({text.rstrip('.')}): start it, or mend c.CourseDirectory.db_url "
            "in nbgrader_config.py, then run the same command again. What is graded stays."
        )
    if state in ("42703", "42P01") or any(s in text for s in ("no such column", "no such table", "has no column")):
        return (
            "The gradebook is of an older nbgrader: copy gradebook.db to a safe place (on a server: pg_dump), run "
            "`nbgrader db upgrade`, then the same command again."
        )
    if state == "55P03" or "locked" in text:
        return "Another program is writing to the gradebook: close it, then run the same command again."
    if state == "53100" or (not state and "full" in text):
        return FULL_DISK
    if state == "42501":
        return (
            f"The gradebook's server does not let you write ({text}): its administrator makes you the owner of the "
            "database, see docs/postgresql.md."
        )
    if state == "22001":
        return f"A name is longer than the {LONGEST} characters that the gradebook has room for: shorten it."
    return f"The gradebook cannot be used: {text.rstrip('.')}."
