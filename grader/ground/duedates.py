"""Times with a zone, read as they are written: nbgrader takes `+0200` for 200 seconds, and an unknown zone for UTC.

`install`, which nbgrader_config.py calls, gives nbgrader's gradebook `due_date` to read due dates with.
"""

import asyncio
import contextlib
import re
from datetime import UTC, datetime, timedelta, tzinfo

import dateutil.parser
import dateutil.tz
from nbgrader import utils

EXAMPLE = "2027-06-30 23:59 Europe/Madrid"
# Abbreviations that name a time of the year: dateutil knows the zone, CET, whose summer time is CEST.
_SUMMER = {"WEST": 1, "CEST": 2, "EEST": 3, "MSK": 3, "BST": 1, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7}
_WINTER = {"EST": -5, "CST": -6, "MST": -7, "PST": -8}  # and not what dateutil takes some of them for
_BOTH = re.compile(r"\b(?:UTC|GMT|[CWE]ES?T|BST|MSK|[ECMP][SD]T)\s?[+-]\s?\d")  # dateutil reads UTC+2 as two hours west
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_ZONE = re.compile(r"\s([A-Za-z][A-Za-z_]*(?:/[A-Za-z_+\-0-9/]+)?)$")


class TimeError(ValueError):
    """A time that cannot be read as it is meant; the message says how to write it."""


def parse(text: str, naive: tzinfo | None = UTC) -> datetime:
    """Return the time in `text` as a datetime in UTC, without a zone, as nbgrader keeps them.

    The zone is an offset (+0200, +02:00, Z), a name (Europe/Madrid, CET: with their summer time) or an abbreviation
    that is clear (CEST). naive: the zone of a time without one; None: there has to be one. Raises TimeError.
    """
    text = " ".join(text.split())
    if _BOTH.search(text):
        raise TimeError(
            f"«{text}» names a zone and an offset: write one of them, as in {EXAMPLE} or 2027-06-30 23:59 +0200."
        )
    if (found := _NUMBERS.match(text)) and max(int(found[1]), int(found[2])) <= 12:
        raise TimeError(f"«{text}» could be two days: write the year first, as in {EXAMPLE}.")
    zone, found = naive, _ZONE.search(text)
    if found and found[1].upper() not in ("AM", "PM"):
        text, zone = text[: found.start()], _zone(found[1])
    try:
        time = dateutil.parser.parse(text)
    except (ValueError, OverflowError):
        raise TimeError(f"«{text}» is no date and time: write it as {EXAMPLE}.") from None
    if time.tzinfo is None:
        if zone is None:
            raise TimeError(
                f"«{text}» has no time zone: write one behind it, as in {EXAMPLE} or 2027-06-30 23:59 +0200."
            )
        time = time.replace(tzinfo=zone)
        if not dateutil.tz.datetime_exists(time):
            raise TimeError(f"There is no {text} in that zone: clocks go forward then. Write another hour.")
    try:
        return time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise TimeError(f"«{text}» is out of the calendar: write it as {EXAMPLE}.") from None


def _zone(name: str) -> tzinfo:
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    hours = {**_SUMMER, **_WINTER}.get(name.upper())
    zone = dateutil.tz.gettz(name) if hours is None else dateutil.tz.tzoffset(name, timedelta(hours=hours))
    if zone is None:
        raise TimeError(f"«{name}» is no time zone that can be read for sure: write it as in {EXAMPLE}.")
    return zone


def due_date(time: str | datetime | None) -> datetime | None:
    """Return what nbgrader's parse_utc is asked for by its gradebook: a due date, or a datetime made UTC.

    A text must have a zone. What cannot be read ends a command with a sentence; in the formgrader, whose server must
    not end, it raises TimeError.
    """
    if not isinstance(time, str):
        return None if time is None else _in_utc(time)
    try:
        return parse(time, naive=None)
    except TimeError as error:
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop()
            raise
        raise SystemExit(f"The due date was not set. {error}") from None


def _in_utc(time: datetime) -> datetime:
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def install() -> None:
    """Let nbgrader's gradebook read due dates with `due_date`; other parts of nbgrader keep their own reader."""
    utils.parse_utc = due_date
