"""Moodle's own files: the grading worksheet of an assignment, and the names in an archive of all submissions."""

import csv
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dateutil.tz import gettz
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Unicode

# Moodle writes the headings in the language of whoever downloads the worksheet: here English and Spanish.
HEADINGS = {
    "identifier": r"identifier|identificador",
    "name": r"full name|nombre completo.*|apellido.*",
    "id_number": r"id number|n[uú]mero de id.*",
    "email": r"e-?mail.*|(direcci[oó]n|correo).*",
    "grade": r"grade|calificaci[oó]n|puntuaci[oó]n",
    "maximum": r"maximum grade|(calificaci[oó]n|puntuaci[oó]n) m[aá]xima",
    "handed_in": r"last modified \(submission\)|.*modificaci[oó]n \((entrega|env[ií]o)\)",
    "feedback": r"feedback comments|comentarios.*",
}
MONTHS = {
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11},
    **{"dec": 12, "ene": 1, "abr": 4, "ago": 8, "set": 9, "dic": 12},
}
_NAME = re.compile(r"(?P<name>.*?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_(?P<file>.*)", re.DOTALL)
_TIME = re.compile(
    r"(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d]{3})[^\W\d]*\.? (?:de )?(?P<year>\d{4}), "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s*(?P<half>[ap])\.?\s?m)?",
    re.IGNORECASE,
)
_STUDENT_ID = re.compile(r"[\w@-][\w.@-]*")  # fit for a folder, and for nbgrader's patterns


class MoodleError(ValueError):
    """A file from Moodle that cannot be used; the message says what to do."""


@dataclass
class Worksheet:
    """A grading worksheet: `rows` as dicts by the worksheet's own headings, and where HEADINGS are among those."""

    path: Path
    headings: list[str]
    rows: list[dict[str, str]]
    columns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path):
        """Return the worksheet in a CSV file. Raises MoodleError."""
        path = Path(path)
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                sample = file.readline()
                file.seek(0)
                reader = csv.DictReader(file, delimiter=max(",;\t", key=sample.count), restval="")
                rows = list(reader)
        except (UnicodeDecodeError, csv.Error) as error:
            raise MoodleError(
                f"{path} is no CSV in UTF-8 ({error}): download it anew, and open it in no spreadsheet."
            ) from None
        columns = {}
        for key, pattern in HEADINGS.items():
            for heading in reader.fieldnames or ():
                if re.fullmatch(pattern, heading.strip(), re.IGNORECASE):
                    columns.setdefault(key, heading)
        missing = [key for key in ("identifier", "grade") if key not in columns]
        if missing:
            raise MoodleError(
                f"{path} has no column {' and '.join(missing)}, in English or Spanish, among {reader.fieldnames}. "
                "It has to be the worksheet of Moodle's action 'Download grading worksheet'."
            )
        return cls(path, list(reader.fieldnames), rows, columns)

    @classmethod
    def of(cls, coursedir, assignment):
        """Return the only CSV file in downloaded/<assignment>/ as a Worksheet, or None without one."""
        found = sorted((Path(coursedir.root) / "downloaded" / assignment).glob("*.csv"))
        if len(found) > 1:
            raise MoodleError(
                f"Leave only the newest worksheet in {found[0].parent}: there are {len(found)} CSV files."
            )
        return cls.read(found[0]) if found else None

    def cell(self, row, key):
        """Return what a row says under the heading of `key`; "" without such a column."""
        return (row.get(self.columns.get(key)) or "").strip()

    def number(self, row):
        """Return a row's participant number, as digits: that of the names in an archive, and of one assignment only."""
        found = re.search(r"\d+$", self.cell(row, "identifier"))
        return found[0] if found else ""

    def student_id(self, row):
        """Return the id number, or else the email address, or else the participant number of a row."""
        for text in (self.cell(row, "id_number"), self.cell(row, "email")):
            if _STUDENT_ID.fullmatch(text):
                return text
        return self.number(row)


class MoodleCollector(FileNameCollectorPlugin):
    """Finds out whose file is whose in the archive of Moodle's "Download all submissions", in folders or flat.

    With the assignment's worksheet beside the archive, a student's id is the id number or email address in it, the
    same in all assignments, and timestamp.txt gets its time of handing in. Without, it is the participant number.
    Of several versions of the notebook, the newest counts.
    """

    timezone = Unicode("Europe/Madrid", help="Time zone of the times in Moodle's worksheets.").tag(config=True)

    files = None  # {path: what to answer}, once it is known

    def collect(self, submitted_file):
        """Return student_id, file_id and timestamp (if known) of an extracted file, or None to leave it out."""
        if self.files is None:
            self._look_around()
        info = self.files.get(submitted_file)
        if info is None:
            self.log.warning("Left out: %s: %s", ascii(submitted_file)[1:-1], self._reason(submitted_file))
        return info

    def _look_around(self):
        """Decide on all files of the assignment at once: which of several is the newest cannot be told from one."""
        app = self.parent
        assignment = app.coursedir.assignment_id
        self.root = Path(
            app.coursedir.root,
            app.collect_directory_structure.format(
                downloaded=app.downloaded_directory, assignment_id=assignment, collect_step=app.extracted_directory
            ),
        )
        people = self._people(app.coursedir, assignment)
        self.files, by_number = {}, {}
        for path in sorted(self.root.rglob("*")):
            found = _parse(path.relative_to(self.root)) if path.is_file() else None
            if found:
                number, file = found
                by_number.setdefault(number, []).append((path, file))
        for number, files in by_number.items():
            person = people.get(number, {"student_id": number})
            for path, file in _newest(files, assignment):
                self.files[str(path)] = {**person, "file_id": str(file)}

    def _people(self, coursedir, assignment):
        """Return {participant number: what to say of a student} from the worksheet. Raises SystemExit."""
        try:
            sheet = Worksheet.of(coursedir, assignment)
        except MoodleError as error:
            self.parent.fail(str(error))
        if sheet is None:
            self.log.warning(
                "No worksheet of %s: students are called by Moodle's participant numbers, which differ between "
                "assignments. See docs/moodle.md.",
                assignment,
            )
            return {}
        people = {}
        for row in sheet.rows:
            people[sheet.number(row)] = {"student_id": sheet.student_id(row)}
            if moment := moodle_time(sheet.cell(row, "handed_in"), self.timezone):
                people[sheet.number(row)]["timestamp"] = moment
        return people

    def _reason(self, file):
        if _parse(Path(file).relative_to(self.root)):
            return "the same student has a newer version of it."
        return "its name is not one that Moodle gives to files of students."


def moodle_time(text, timezone):
    """Return a time such as "Saturday, 3 January 2026, 11:05 PM" (English or Spanish) as UTC, or None."""
    found = _TIME.search(text)
    month = MONTHS.get(found["month"].lower()) if found else None
    if not month:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"].lower() == "p")
    local = datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"]), tzinfo=gettz(timezone))
    return local.astimezone(UTC).replace(tzinfo=None)


def _parse(path):
    """Return (participant number, the student's own name of the file) for a path in Moodle's archive, or None."""
    if any(part.startswith(".") or part == "__MACOSX" for part in path.parts):  # what systems add to archives
        return None
    for n, part in enumerate(path.parts):
        found = _NAME.fullmatch(part)
        if found:
            own = Path(found["file"], *path.parts[n + 1 :])
            return (found["number"], own) if found["kind"] == "file" and own.name else None
    return None


def _newest(files, assignment):
    """Return the (path, own name) to take: of files with one name, and of the assignment's notebooks, the newest."""
    homes = {own.parent for _, own in files if own.suffix == ".ipynb"}
    chosen = {}
    for path, own in sorted(files, key=lambda pair: (pair[0].stat().st_mtime, str(pair[0]))):
        home = next((folder for folder in own.parents if folder in homes), "")  # where the notebook lies, all begins
        name = own.relative_to(home)
        chosen.pop(name, None)
        chosen[name] = path
    older = [name for name in chosen if _is_version(name.name, assignment)][:-1]
    return [(path, name) for name, path in chosen.items() if name not in older]


def _is_version(name, assignment):
    """Tell whether a notebook is named as handed out, or as systems name copies: "wine (1)", "Copia de wine"."""
    pattern = rf"(copia de |copy of )?{re.escape(assignment)}([ _-]?\(?\d{{1,2}}\)?|[ -]*cop(y|ia))*\.ipynb"
    return bool(re.fullmatch(pattern, name, re.IGNORECASE))
