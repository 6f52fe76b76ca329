"""From a platform's archive to `submitted/`: for `grader collect` and `nbgrader zip_collect` alike.

`PlatformExtractor` unpacks what lies in downloaded/<assignment>/archive/, finds out whose it is (with the platform's
own CSV file in downloaded/<assignment>/, if it is there), and lays it out in extracted/<student>/; `PlatformCollector`
then tells nbgrader what lies where. What is left out is named, with the reason.
"""

import filecmp
import json
import re
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

from nbgrader.apps import ZipCollectApp
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Bool, Unicode

from .canvas import Canvas
from .choosing import printable
from .course import GradingError
from .moments import moment
from .moodle import Moodle
from .platforms import Folders, Platform, fit, plain
from .sheets import Sheet, SheetError
from .zipcollect import BoundedExtractor, shortened

TIMESTAMP = "timestamp.txt"
FOLDERS = Folders()
MOODLE = Moodle()
ILIAS = Platform(  # ILIAS 9, components/ILIAS/Exercise: getDirectoryNameFromUserData
    "ilias", file=r"[^/]+_(?P<key>[^_/]+)_(?P<user>\d{2,})"
)
ILIAS.roster = FOLDERS
BLACKBOARD = Platform(  # the names are Blackboard's, as scripts of its users have them: kwurst/bb-file-cleanup
    "blackboard",
    file=r".+_(?P<key>[^_]+)_(?:attempt|intento)_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)_(?P<own>.+)",
    person=r"username|nombre de usuario",
    ids=(r"student id|id\.? de(l)? (alumno|estudiante)", r"username|nombre de usuario"),
    typed=r".+_(?:attempt|intento)_[\d-]+\.txt",
    grade=r"(?P<title>.+?) \[.*?(?P<maximum>\d+(?:[.,]\d+)?).*\] ?\|\d+",
)
PLATFORMS = (MOODLE, BLACKBOARD, Canvas(), ILIAS, FOLDERS)


@dataclass
class Report:
    """What became of an archive. students: who was collected; left_out: {what: why}; notes: what else has to be
    said."""

    platform: str = ""
    students: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def sheet_of(root, assignment):
    """Return the only CSV file in downloaded/<assignment>/ as a Sheet, or None without one. Raises SheetError."""
    found = sorted((Path(root) / "downloaded" / assignment).glob("*.[cC][sS][vV]"))
    if len(found) > 1:
        raise SheetError(f"Leave only the newest worksheet in {found[0].parent}: there are {len(found)} CSV files.")
    return Sheet.read(found[0]) if found else None


def platform_of(sheet, paths):
    """Return the Platform that a Sheet is of, or without one (None) that of most paths; None if it is none.

    Raises SheetError for a Sheet of another platform than the paths are of.
    """
    named = max(PLATFORMS[:-1], key=lambda platform: sum(bool(platform.parse(path)) for path in paths))
    if sum(bool(named.parse(path)) for path in paths) * 2 <= len(paths):
        named = FOLDERS if any(FOLDERS.parse(path) for path in paths) else None
    owner = sheet and next((platform for platform in PLATFORMS if platform.owns(sheet)), None)
    if sheet is not None and owner is None:
        raise SheetError(
            f"{sheet.path} is of no platform that is known here: neither Moodle's grading worksheet, nor the "
            f"gradebook of Canvas or Blackboard, nor a roster. Its headings: {', '.join(sheet.headings)[:300]}. See "
            "docs/platforms.md."
        )
    if owner is FOLDERS and named and named.roster:
        return named
    if owner and named not in (None, FOLDERS, owner):
        raise SheetError(
            f"The archive is of {named.name}, and {sheet.path} is not ({owner.name}): put the file of grades that "
            f"{named.name} gives for this assignment in its place."
        )
    return owner or named


class PlatformExtractor(BoundedExtractor):
    """Unpacks the archives of a platform and lays out what is in them: a folder for each student.

    Of several versions of the notebook, the newest counts. timestamp.txt is the time of handing in that the platform's
    file says, and never a student's own file.
    """

    timezone = Unicode("Europe/Madrid", help="Time zone of the times in the files of platforms.").tag(config=True)
    drafts = Bool(False, help="Collect drafts, too, that have not been sent for grading.").tag(config=True)

    def extract(self, archive_path, extracted_path):
        """Unpack all below `archive_path`; lay it out in `extracted_path`. Ends the program if nothing is collected."""
        self.report = Report()
        assignment = self.parent.coursedir.assignment_id
        raw = Path(tempfile.mkdtemp(prefix=".raw-", dir=Path(extracted_path).parent))
        try:
            super().extract(archive_path, raw)
            self.report.left_out |= self.refused
            self._lay_out(raw, Path(extracted_path), assignment)
        except SheetError as error:
            self.parent.fail(printable(error))
        finally:
            shutil.rmtree(raw, ignore_errors=True)
        for what, why in self.report.left_out.items():
            self.log.warning("Left out: %s: %s", what, why)
        for note in self.report.notes:
            self.log.warning("%s", note)
        if not self.report.students:
            self.parent.fail(
                f"Nothing was collected: {archive_path} holds no file that is a student's by its name, or nobody's "
                "of whom the platform's CSV file knows. See docs/platforms.md."
            )

    def is_of_a_student(self, path):
        """Tell whether a relative path is one that a platform gives to a student's file."""
        return any(platform.parse(path) for platform in PLATFORMS if platform is not FOLDERS)

    def _lay_out(self, raw, target, assignment):
        root = _below_common(raw)
        paths = {path: PurePath(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.is_file()}
        sheet = sheet_of(self.parent.coursedir.root, assignment)
        FOLDERS.assignment = assignment
        platform = platform_of(sheet, [path for path in paths.values() if not _of_systems(path)])
        if platform is None:
            return
        self.report.platform = platform.name
        people = platform.people(sheet, self.timezone) if sheet is not None else None
        owned, keys, typed = defaultdict(list), {}, 0
        for path, relative in paths.items():
            if _of_systems(relative):
                continue
            entry = platform.parse(relative)
            if entry is None and platform.is_typed(relative):
                typed += 1
            elif entry is None:
                self._leave(relative, "its name is not one that the platform gives to files of students.")
            else:
                for student, key, handed_in in self._owners(entry, people, relative):
                    owned[student].append((path, entry, handed_in))
                    keys[student] = key
        if typed:
            self.report.notes.append(f"{typed} texts or links that were typed into the platform are not collected.")
        for student, files in owned.items():
            self._place(target / student, files, assignment)
        self.report.students = sorted(keys)
        self._say(people, keys)
        if keys:
            facts = {"platform": platform.name, "people": keys}
            note = target.parent / "collected.json"
            note.write_text(json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")

    def _owners(self, entry, people, relative):
        """Yield (student, key, time of handing in) for each whose file it is."""
        if people is None:
            if entry.group or not fit(entry.key):
                why = "it is a group's" if entry.group else "that is no name for a student's folder"
                self._leave(relative, f"{why}: the platform's CSV file in downloaded/ has to say who is in it.")
            else:
                yield entry.key, entry.key, moment(entry.time, self.timezone)
            return
        in_groups = any(person.group for person in people)
        if in_groups:
            found = [person for person in people if plain(person.group) == plain(entry.name)]
            names = {person.group for person in found}
            if len(names) > 1:
                found = []
            missing = f"no group of the worksheet, or more than one, is called {entry.name!r}: download both anew."
        else:
            found = [person for person in people if person.key.casefold() == entry.key.casefold() and not entry.group]
            missing = (
                "it is a group's, and the worksheet has no column of groups: download both anew."
                if entry.group
                else f"{entry.key} is not in the platform's CSV file: download this assignment's anew."
            )
        if not found:
            self._leave(relative, missing)
        for person in found:
            if person.state == "draft" and not self.drafts:
                self._leave(
                    relative,
                    f"{person.student} has it as a draft, not sent for grading (`grader collect --drafts` takes it).",
                )
            else:
                yield person.student, person.key, person.handed_in or moment(entry.time, self.timezone)

    def _place(self, folder, files, assignment):
        """Copy a student's files into their folder. files: (path, Entry, time of handing in), also several versions."""
        folder.mkdir(parents=True, exist_ok=True)
        chosen = _newest([(path, entry.file, handed_in) for path, entry, handed_in in files], assignment)
        kept = {path for path, _ in chosen}
        for path, entry, _ in files:
            if path not in kept and not any(filecmp.cmp(path, other, shallow=False) for other in kept):
                self._leave(f"{folder.name}: {entry.file}", "the same student has a newer version of it.")
        for path, name in chosen:
            if name == PurePath(TIMESTAMP):
                self._leave(f"{folder.name}: {name}", "the time of handing in is the platform's, not a student's file.")
                continue
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
        if times := [handed_in for _, _, handed_in in files if handed_in]:
            (folder / TIMESTAMP).write_text(max(times).isoformat(" "))
        if any(entry.late for _, entry, _ in files):
            self.report.notes.append(f"{folder.name} handed in late, says the platform.")

    def _say(self, people, keys):
        if people is None:
            self.report.notes.append(
                "No file of grades of the platform lies beside the archive: students are called as the archive's "
                "names have it, in Moodle by participant numbers, which differ between assignments. See "
                "docs/moodle.md."
            )
            return
        unread = [person for person in people if person.unread and person.student in keys]
        if unread:
            texts = "; ".join(f"{person.student} {person.unread}" for person in unread[:10])
            self.report.notes.append(
                f"{len(unread)} times of handing in cannot be read, so nothing is known of their being late: {texts}"
                f"{'; …' if len(unread) > 10 else ''}"
            )
        said = {name.split(":")[0] for name in self.report.left_out}
        absent = [
            p.student for p in people if p.handed_in and p.student not in keys and not p.state and p.student not in said
        ]
        if absent:
            self.report.notes.append(
                f"Handed in, says the platform's file, and not in the archive: {', '.join(absent[:30])}. "
                "Is the archive older, or of a part of the class?"
            )

    def _leave(self, what, why):
        self.report.left_out[ascii(str(what))[1:-1]] = why


class PlatformCollector(FileNameCollectorPlugin):
    """Reads whose file is whose from the folders that PlatformExtractor has laid out."""

    def collect(self, submitted_file):
        """Return student_id and file_id of a file below extracted/."""
        app = self.parent
        root = app.collect_directory_structure.format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )
        student, *own = Path(submitted_file).relative_to(Path(app.coursedir.root, root)).parts
        return {"student_id": student, "file_id": str(Path(*own))}


def collect(course, assignment, files=(), drafts=False):
    """Put `files` where they belong in downloaded/, collect the assignment's archive anew; return the Report.

    Raises GradingError.
    """
    folder = course.root / "downloaded" / assignment
    (folder / "archive").mkdir(parents=True, exist_ok=True)
    for file in map(Path, files):
        if not file.is_file():
            raise GradingError(f"{file} is no file.")
        if file.suffix.lower() == ".csv":
            Sheet.read(file)
            for old in [old for old in folder.glob("*.[cC][sS][vV]") if not old.samefile(file)]:
                (folder / "older").mkdir(exist_ok=True)
                old.replace(folder / "older" / old.name)
        place = (folder if file.suffix.lower() == ".csv" else folder / "archive") / shortened(file.name)
        if not place.exists() or not place.samefile(file):
            shutil.copy2(file, place)
    if not any((folder / "archive").iterdir()):
        raise GradingError(
            f"Nothing lies in {folder / 'archive'}: put the platform's archive of submissions there, or name it: "
            f"grader collect {assignment} ARCHIVE.zip WORKSHEET.csv"
        )
    app = ZipCollectApp(config=course.config)
    app.log_level = "CRITICAL"
    app.coursedir = course.coursedir
    app.coursedir.assignment_id = assignment
    app.force = True
    app.config.PlatformExtractor.drafts = drafts
    failures = []
    app.fail = lambda text, *args: failures.append(text % args if args else text) or app.exit(1)
    app.init_plugins()
    try:
        app.extract_archive_files()
        app.process_extracted_files()
    except SystemExit:
        report = app.extractor_plugin_inst.report
        said = [f"Left out: {what}: {why}" for what, why in report.left_out.items()]
        raise GradingError("\n".join([*said[:50], *report.notes, *failures])) from None
    return app.extractor_plugin_inst.report


def _below_common(folder):
    """Return the folder below which several things lie: an archive's own folders around them say nothing."""
    while True:
        inside = [path for path in folder.iterdir() if not _of_systems(PurePath(path.name))]
        if len(inside) != 1 or not inside[0].is_dir() or any(path.is_file() for path in inside[0].iterdir()):
            return folder
        if any(platform.parse(PurePath(inside[0].name, "x")) for platform in PLATFORMS if platform is not FOLDERS):
            return folder
        folder = inside[0]


def _of_systems(path):
    """Tell whether it is a file that systems add to archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _newest(files, assignment):
    """Return the (path, own name) to take: of files with one name, and of the assignment's notebooks, the newest.

    files: (path, own name, time of handing in or None).
    """
    homes = {own.parent for _, own, _ in files if own.suffix == ".ipynb"}
    chosen = {}

    def age(file):
        path, own, handed_in = file
        return handed_in or datetime.min, path.stat().st_mtime, _copy(own.name), str(path)

    for path, own, _ in sorted(files, key=age):
        home = next((folder for folder in own.parents if folder in homes), "")  # where the notebook lies, all begins
        name = own.relative_to(home)
        chosen.pop(name, None)
        chosen[name] = path
    older = [name for name in chosen if _is_version(name.name, assignment)][:-1]
    return [(path, name) for name, path in chosen.items() if name not in older]


def _copy(name):
    """Return the number of a copy: a second upload of wine.ipynb is called "wine (1).ipynb"."""
    found = re.search(r"(\d{1,2})\)?\.ipynb$", name)
    return int(found[1]) if found else 0


def _is_version(name, assignment):
    """Tell whether a notebook is named as handed out, or as systems name copies: "wine (1)", "Copia de wine"."""
    pattern = rf"(copia de |copy of )?{re.escape(assignment)}([ _-]?\(?\d{{1,2}}\)?|[ -]*cop(y|ia))*\.ipynb"
    return bool(re.fullmatch(pattern, name, re.IGNORECASE))
