"""CSV files of learning platforms: as they write them, as spreadsheets leave them, and as their importers read them.

What is written here can be read in two ways that agree: RFC 4180's, and that of PHP's `fgetcsv`, for which a backslash
before a quote keeps the field open (Moodle 4.5, lib/csvlib.class.php). No cell holds a line break or a backslash.
"""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from .course import GradingError
from .export import harmless

MOST_BYTES = 50 * 2**20
_ENCODINGS = ("utf-8-sig", "cp1252")


class SheetError(GradingError, ValueError):
    """A file from a platform that cannot be used; the message says what to do."""


@dataclass
class Sheet:
    """A table of text: `rows` have as many cells as `headings`."""

    path: Path
    headings: list[str]
    rows: list[list[str]]

    @classmethod
    def read(cls, path):
        """Return the table in a CSV file, comma, semicolon or tab, UTF-8, UTF-16 or cp1252. Raises SheetError."""
        path = Path(path)
        text = _text(path)
        lines = text.split("\n", 1)
        delimiter = max(",;\t", key=lines[0].count)
        wrong = 0
        for escape in (None, "\\"):  # PHP leaves a quote behind a backslash as it is
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar=escape)
            try:
                rows = [row for row in reader if any(cell.strip() for cell in row)]
            except csv.Error as error:
                raise SheetError(
                    f"{path} is no CSV ({error}): download it anew, and open it in no spreadsheet."
                ) from None
            width = len(rows[0]) if rows else 0
            while (
                width and not rows[0][width - 1].strip() and not any("".join(row[width - 1 :]).strip() for row in rows)
            ):
                width -= 1  # a spreadsheet's empty columns
            rows = [row[:width] if not "".join(row[width:]).strip() else row for row in rows]
            wrong = next((n for n, row in enumerate(rows, start=1) if len(row) != width), 0)
            if rows and width > 1 and not wrong:
                return cls(
                    path, [one_line(cell) for cell in rows[0]], [[cell.strip() for cell in row] for row in rows[1:]]
                )
        if not rows or width < 2:
            raise SheetError(f"{path} holds no table: download it anew from the platform, as CSV.")
        raise SheetError(
            f"{path}: line {wrong} has {len(rows[wrong - 1])} cells and the headings are {width}. Download the file "
            "anew, and open it in no spreadsheet; if it is so from the platform, take that line out and grade its "
            "student there."
        )


def write(path, headings, rows):
    """Write a CSV file of headings, as they are, and rows of texts; see the module."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([safe(cell) for cell in row] for row in rows)


def safe(cell):
    """Return what stands in a cell: one line, no backslash, no formula; a dash and a number stay as they are."""
    text = one_line(str(cell)).replace("\\", "")
    return text if re.fullmatch(r"-?[\d.,]*", text) else harmless(text)


def one_line(text):
    """Return a text with all white space, and what else ends lines somewhere, as single blanks."""
    return " ".join(re.sub(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).split())


def number(text):
    """Return the number in a cell, "10,00" or "1.234,5" or "10.00", or None."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*", text):
        return None
    whole, comma, rest = text.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}.{rest}" if comma else rest)


def _text(path):
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
