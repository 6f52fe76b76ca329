"""CSV files of learning platforms: as they write them, as spreadsheets leave them, and as their importers read them.

What is written here can be read in two ways that agree: RFC 4180's, and that of PHP's `fgetcsv`, for which a backslash
before a quote keeps the field open (Moodle 4.5, lib/csvlib.class.php). No cell holds a line break or a backslash.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self, overload

from ..course import GradingError
from ..ground.files import whole

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet compute a cell
MOST_BYTES = 50 * 2**20
MOST_READINGS = 20_000  # of rows, that are tried of a file with quotes behind backslashes
_NUMBERED = re.compile(r"(\D{4,})\d+")  # an identifier, "Participante14"
_ENCODINGS = ("utf-8-sig", "cp1252")


@overload
def harmless(value: str) -> str: ...


@overload
def harmless(value: object) -> float | str | None: ...


def harmless(value: object) -> float | str | None:
    """Return what stands in the cell for `value`: numbers as they are, text never as a formula."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class SheetError(GradingError, ValueError):
    """A file from a platform that cannot be used; the message says what to do."""


@dataclass
class Sheet:
    """A table of text: `rows` have as many cells as `headings`."""

    path: Path
    headings: list[str]
    rows: list[list[str]]

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the table in a CSV file, comma, semicolon or tab, UTF-8, UTF-16 or cp1252. Raises SheetError."""
        path = Path(path)
        text = _text(path)
        if text.startswith("sep=") and "\n" in text:  # Excel's own first line
            text = text.split("\n", 1)[1]
        delimiter = max(",;\t", key=re.sub('"[^"]*"', "", text.split("\n", 1)[0]).count)
        rows, wrong = _rows(text, delimiter)
        if not rows or len(rows[0]) < 2:
            raise SheetError(f"{path} holds no table: download it anew from the platform, as CSV.")
        if wrong:
            raise SheetError(
                f"{path}: row {wrong} does not have the {len(rows[0])} cells of the headings. Download the file "
                "anew, and open it in no spreadsheet; if it is so from the platform, take that row out and grade "
                "its student there."
            )
        headings, *rows = rows
        width = len(headings)
        while width > 1 and not headings[width - 1].strip() and not any(row[width - 1].strip() for row in rows):
            width -= 1  # a spreadsheet's empty columns
        rows = [[cell.strip() for cell in row[:width]] for row in rows]
        return cls(path, [one_line(cell) for cell in headings[:width]], [row for row in rows if any(row)])


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    """Return (rows, 0), or (rows so far, number of the first that has not as many cells as the headings).

    PHP does not double a quote behind a backslash, so that within quotes `\\"` may or may not be the end of a cell. It
    is the end only where the rows do not come out otherwise, each with an identifier as Moodle's are, if the first has
    one: what a student has typed makes no rows.
    """
    rows: list[list[str]] = []
    tried = [_readings(text, 0, delimiter, None)]
    furthest: tuple[list[list[str]], int] = ([], 1)
    for _ in range(MOST_READINGS + text.count("\n")):
        row, at = next(tried[-1], (None, 0))
        if row is None:
            furthest = max(furthest, ([*rows], len(rows) + 1), key=lambda found: found[1])
            tried.pop()
            if not tried:
                break
            if rows:
                rows.pop()
            continue
        number = len(rows) > 1 and _NUMBERED.fullmatch(rows[1][0])
        if number and '\\"' in text and not re.fullmatch(re.escape(number[1]) + r"\d+", row[0]) and any(row):
            continue
        rows.append(row)
        if at >= len(text):
            return [row for row in rows if any(cell.strip() for cell in row)], 0
        tried.append(_readings(text, at, delimiter, len(rows[0])))
    return furthest


def _readings(text: str, start: int, delimiter: str, width: int | None) -> Iterator[tuple[list[str], int]]:
    """Yield (row, where the next begins) for each way to read the row at `start`, that with the fewest ends of cells
    behind a backslash first. width: the cells that it has to have, or None."""
    ends: set[int] = set()
    while True:
        row, at, choices = _read(text, start, delimiter, width, ends)
        if row is not None:
            yield row, at
        choices = [place for place in choices if place not in ends]
        if not choices:
            return
        ends = {place for place in ends if place < choices[-1]} | {choices[-1]}


def _read(
    text: str, at: int, delimiter: str, width: int | None, ends: set[int]
) -> tuple[list[str] | None, int, list[int]]:
    """Return (one row or None, where the next begins, places of `\\"` with two readings). ends: those that are read
    as in RFC 4180."""
    row: list[str] = []
    choices: list[int] = []
    stops = re.compile(f"[{re.escape(delimiter)}\n]|$(?!\n)")
    while True:
        if text[at : at + 1] == '"':
            cell, at = [], at + 1
            while True:
                quote = text.find('"', at)
                if quote < 0:
                    return None, 0, choices
                cell.append(text[at:quote])
                at, after = quote + 1, text[quote + 1 : quote + 2]
                closes = after in (delimiter, "\n", "")
                behind = cell[-1].endswith("\\")
                if behind and (closes or after == '"'):
                    choices.append(quote)
                if behind and not ((closes or after == '"') and quote in ends):
                    cell.append('"')
                elif after == '"':
                    cell.append('"')
                    at += 1
                elif closes:
                    break
                else:
                    return None, 0, choices
            row.append("".join(cell))
        else:
            stop = stops.search(text, at)
            assert stop is not None  # at the latest, where the text ends
            end = stop.start()
            row.append(text[at:end])
            at = end
        if width and len(row) > width:
            return None, 0, choices
        if at >= len(text) or text[at] == "\n":
            blank = not any(cell.strip() for cell in row)
            if width and len(row) != width and blank:
                row = [""] * width
            return (row if not width or len(row) == width else None), at + 1, choices
        at += 1


def write(path: Path, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file of headings, as they are, and rows of texts; see the module."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part, part.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([safe(cell) for cell in row] for row in rows)


def safe(cell: object) -> str:
    """Return what stands in a cell: one line, no backslash, no formula; a dash and a number stay as they are."""
    text = one_line(str(cell)).replace("\\", "")
    return text if re.fullmatch(r"-?[\d.,]*", text) else harmless(text)


def one_line(text: str) -> str:
    """Return a text with all white space, and what else ends lines somewhere, as single blanks."""
    return " ".join(re.sub(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).split())


def number(text: str) -> float | None:
    """Return the number in a cell, "10,00" or "1.234,5" or "10.00", or None."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*", text):
        return None
    whole, comma, rest = text.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}.{rest}" if comma else rest)


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise SheetError(f"{path} has more than {MOST_BYTES // 2**20} MB: no platform's file of grades is so large.")
    content = path.read_bytes()
    if content.startswith(b"PK") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(
            f"{path} is a workbook or an archive: the CSV file of the platform is needed, as it was downloaded."
        )
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return re.sub(r"\r\n?", "\n", text).replace("\0", "")
    raise SheetError(f"{path} is no CSV in UTF-8: download it anew, and open it in no spreadsheet.")
