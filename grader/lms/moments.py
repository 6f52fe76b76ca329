"""Times as learning platforms write them for people, in the languages of Spain and its neighbours."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from dateutil.tz import gettz

# Beginnings of the months' names in English, Spanish, Catalan, Galician, Basque, Portuguese, French, German and
# Italian.
_NAMES = """
jan ene gen xan urt|feb fev ots|mar|apr abr avr api|may mai mag|jun xun juin giu eka|jul xul juil lug uzt
aug ago aou abu|sep set ira|oct out okt ott urr|nov aza|dec dic des dez abe
"""
_MONTHS = {
    name: number for number, names in enumerate(re.split(r"[|\n]", _NAMES.strip()), start=1) for name in names.split()
}
_WORD = r"(?P<month>[^\W\d_]{3,})\.?"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b",
        rf"\b(?P<day>\d{{1,2}})\.?\s+(?:de\s+|d['’]\s?)?{_WORD},?\s+(?:de\s+|del\s+)?(?P<year>\d{{4}})\b",
        rf"\b{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        rf"\b(?P<year>\d{{4}})(?:\(?e?\)?ko)?\s+{_WORD}\s+(?P<day>\d{{1,2}})",
    )
]
_SHORT = re.compile(r"\b(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})\b")  # as Excel writes them
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?(?:\s*(?P<half>[ap])\.?\s?m\b)?", re.IGNORECASE
)


def looks_like_a_time(text: str) -> bool:
    """Tell whether a text could be a date with a time of the day, in whatever language."""
    return bool(re.search(r"(?<!\d)\d{4}(?!\d)|\d/\d", text) and re.search(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)", text))


def months_come_first(texts: Iterable[str]) -> bool:
    """Tell whether the dates such as 11/25/2026 of one file begin with the month: one does that cannot begin with the
    day, or all could be either, and hours are told as in America, with AM and PM."""
    texts = list(texts)
    found = [match for text in texts if (match := _SHORT.search(text))]
    if any(int(match["first"]) > 12 for match in found):
        return False
    american = any((clock := _CLOCK.search(text)) and clock["half"] for text in texts)
    return any(int(match["second"]) > 12 for match in found) or (bool(found) and american)


def moment(text: str, zone: str, month_first: bool = False) -> datetime | None:
    """Return a time such as "sábado, 3 de enero de 2026, 23:05", of the zone of this name, as UTC; None if it is none.

    month_first: how 01/03/2026 is meant.
    """
    text = " ".join(text.split()).lower()
    for pattern in _DATES:
        if (found := pattern.search(text)) and (month := _month(found)):
            day, year, end = int(found["day"]), int(found["year"]), found.end()
            break
    else:
        if not (found := _SHORT.search(text)):
            return None
        day, month = (int(found[name]) for name in (("second", "first") if month_first else ("first", "second")))
        year, end = int(found["year"]), found.end()
    clock = _CLOCK.search(text, end)
    if not clock:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + 12 * (clock["half"] == "p")
    try:
        local = datetime(year, month, day, hour, int(clock["minute"]), tzinfo=gettz(zone))
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _month(found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    if groups.get("number"):
        return int(groups["number"])
    letters = unicodedata.normalize("NFD", groups["month"])
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3])
