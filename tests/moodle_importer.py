"""Moodle's upload of a grading worksheet, as its PHP does it: what it takes of a file, and what it says.

Written from the behaviour of Moodle 4.5: lib/csvlib.class.php (the file is read, written anew and read again, with a
backslash as escape), mod/assign/feedback/offline/importgradeslib.php (columns by the words of the uploader's language)
and locallib.php (which rows count), and of PHP 8's fgetcsv, fputcsv and strtotime.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

WORDS = {
    "es": ("Identificador", "Calificación", "Última modificación (calificación)", "Comentarios de retroalimentación"),
    "en": ("Identifier", "Grade", "Last modified (grade)", "Feedback comments"),
}
HIDDEN_USER = {"es": "Participante", "en": "Participant "}


def fgetcsv(text):
    """Return the rows of a text as PHP reads them: within quotes, a backslash keeps the next character as it is."""
    rows, row, n = [], [], 0
    while n < len(text):
        while n < len(text) and text[n] in " \t":
            n += 1
        cell = ""
        if n < len(text) and text[n] == '"':
            n += 1
            while n < len(text):
                if text[n] == "\\" and n + 1 < len(text):
                    cell += text[n : n + 2]
                    n += 2
                elif text[n : n + 2] == '""':
                    cell += '"'
                    n += 2
                elif text[n] == '"':
                    n += 1
                    break
                else:
                    cell += text[n]
                    n += 1
        end = re.compile(r"[,\n]|$").search(text, n).start()
        cell += text[n:end]
        row.append(cell)
        if end >= len(text) or text[end] == "\n":
            if row != [""]:
                rows.append(row)
            row = []
        n = end + 1
    if text.endswith(","):
        row.append("")
    return rows + ([row] if row else [])


def fputcsv(rows):
    """Return rows as PHP writes them: a quote behind a backslash is not doubled."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            if re.search(r'[,"\\\n\r\t ]', cell):
                quoted, escaped = "", False
                for letter in cell:
                    if letter == "\\":
                        escaped = True
                    elif letter == '"' and not escaped:
                        quoted += '"'
                    else:
                        escaped = False
                    quoted += letter
                cell = f'"{quoted}"'
            cells.append(cell)
        lines.append(",".join(cells) + "\n")
    return "".join(lines)


def strtotime(text):
    """Return a time that PHP can read, in English or ISO form, as datetime; None for what it cannot, as Spanish."""
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%A, %d %B %Y, %I:%M %p"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


@dataclass
class User:
    """Who takes part: the grade there is, when it was given, and the comment."""

    grade: float | None = None
    modified: datetime | None = None
    comment: str = ""


@dataclass
class Assignment:
    """An assignment in Moodle. users: {participant number: User}; language: of whoever uploads."""

    users: dict[int, User]
    language: str = "es"
    maximum: float = 10.0
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 18, 0))

    def upload(self, content, ignore_modified=False):
        """Upload a worksheet, bytes; return how many (rows Moodle sees, grades, comments) were updated. Raises
        ValueError where Moodle refuses the file."""
        text = re.sub(r"\r\n?", "\n", content.decode("utf-8-sig")).strip()
        rows = fgetcsv(text)
        if any(len(row) != len(rows[0]) for row in rows):
            raise ValueError("csvweirdcolumns")
        headings, *rows = fgetcsv(fputcsv(rows))
        identifier, grade, modified, comment = WORDS[self.language]
        if not {identifier, grade, modified} <= set(headings):
            raise ValueError("invalidgradeimport")
        at = {name: headings.index(name) for name in headings}
        grades = comments = 0
        for row in rows:
            row = row + [""] * (len(headings) - len(row))
            number = row[at[identifier]][len(HIDDEN_USER[self.language]) :]
            user = self.users.get(int(number)) if number.isdigit() else None
            if user is None:
                continue
            new, time = row[at[grade]].replace(",", "."), strtotime(row[at[modified]])
            known = user.modified is not None  # whether there is a record of a grade, if only of its being looked at
            stale = known and (time is None or (user.modified - time).total_seconds() > 60)
            value = float(new) if re.fullmatch(r"-?\d+(\.\d+)?", new) else None
            taken = not (known and user.grade == value) and value is not None and 0 <= value <= self.maximum
            if taken and (ignore_modified or not stale):
                user.grade, user.modified, grades = value, self.now, grades + 1
            if (ignore_modified or not stale) and comment in at and row[at[comment]] != user.comment:
                user.comment, user.modified, comments = row[at[comment]], self.now, comments + 1
        return len(rows), grades, comments
