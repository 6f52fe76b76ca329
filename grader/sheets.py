"""CSV files of learning platforms: as they write them, as spreadsheets leave them, and as their importers read them.

What is written here can be read in two ways that agree: RFC 4180's, and that of PHP's `fgetcsv`, for which a backslash
before a quote keeps the field open (Moodle 4.5, lib/csvlib.class.php). No cell holds a line break or a backslash.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from .course import GradingError
from .export import harmless

MOST_BYTES = 50 * 2**20
MOST_READINGS = 500  # that are tried of a file with quotes behind backslashes
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
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        rows, wrong = _rows(text, delimiter)
        if not rows or len(rows[0]) < 2:
            raise SheetError(f"{path} holds no table: download it anew from the platform, as CSV.")
        if wrong:
            raise SheetError(
                f"{path}: row {wrong} does not have the {len(rows[0])} cells of the headings. Download the file "
                f"anew, and "
                "open it in no spreadsheet; if it is so from the platform, take that row out and grade its student "
                "there."
            )
        headings, *rows = rows
        width = len(headings)
        while width > 1 and not headings[width - 1].strip() and not any(row[width - 1].strip() for row in rows):
            width -= 1  # a spreadsheet's empty columns
        rows = [[cell.strip() for cell in row[:width]] for row in rows]
        return cls(path, [one_line(cell) for cell in headings[:width]], [row for row in rows if any(row)])


def _rows(text, delimiter):
    """Return (rows, 0), or (rows so far, number of the first that has not as many cells as the headings).

    PHP does not double a quote behind a backslash, so that within quotes `\\"` may or may not be the end of a cell. It
    is the end only where the rows do not come out otherwise: what a student has typed makes no rows.
    """
    ends, best = set(), None
    for _ in range(MOST_READINGS):
        rows, wrong, choices = _read(text, delimiter, ends)
        if not wrong:
            return rows, 0
        best = max(best or (rows, wrong), (rows, wrong), key=lambda found: found[1])
        choices = [at for at in choices if at not in ends]
        if not choices:
            break
        ends = {at for at in ends if at < choices[-1]} | {choices[-1]}
    return best


def _read(text, delimiter, ends):
    """Return (rows, number of the first wrong one or 0, places where `\\"` could be an end). ends: where it is one."""
    rows, row, choices, at = [], [], [], 0
    stops = re.compile(f"[{re.escape(delimiter)}\n]")
    while at < len(text):
        if text[at] == '"':
            cell, at = [], at + 1
            while True:
                quote = text.find('"', at)
                if quote < 0:
                    return rows, len(rows) + 1, choices
                cell.append(text[at:quote])
                at = quote + 1
                after = text[at : at + 1]
                closes = after in (delimiter, "\n", "")
                behind = text[quote - 1] == "\\" and cell[-1]
                if behind and closes:
                    choices.append(quote)
                if behind and not (closes and quote in ends):
                    cell.append('"')  # and `\\""` is that, and the end
                    if after == '"' and text[at + 1 : at + 2] not in (delimiter, "\n", ""):
                        at += 1
                elif after == '"':
                    cell.append('"')
                    at += 1
                elif closes:
                    break
                else:
                    return rows, len(rows) + 1, choices
            row.append("".join(cell))
        else:
            found = stops.search(text, at)
            end = found.start() if found else len(text)
            row.append(text[at:end])
            at = end
        if at >= len(text) or text[at] == "\n":
            if rows and len(row) != len(rows[0]) and any(row):
                return rows, len(rows) + 1, choices
            if any(cell.strip() for cell in row):
                rows.append(row)
            row = []
        elif at == len(text) - 1:  # a last cell that is empty
            row.append("")
            if rows and len(row) != len(rows[0]):
                return rows, len(rows) + 1, choices
            rows.append(row)
        at += 1
    return rows, 0, choices


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
