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
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

from nbgrader.apps import ZipCollectApp
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Bool, Unicode

from ..course import Course, GradingError
from ..ground.files import whole
from ..ground.text import printable
from ..office.sheets import Sheet, SheetError
from .canvas import Canvas
from .moments import moment
from .moodle import Moodle
from .platforms import Entry, Folders, Person, Platform, fit
from .unpack import BoundedExtractor, shortened

TIMESTAMP = "timestamp.txt"
COLLECTED = "collected.json"  # whose key is whose, for the grades
UNFINISHED = ".raw-"  # folders of what is being unpacked or copied
FOLDERS = Folders()
MOODLE = Moodle()
ILIAS = Platform(  # ILIAS 9, components/ILIAS/Exercise: getDirectoryNameFromUserData
    "ilias", file=r"(?P<key>[^/]+_[^/]+)_\d{2,}"
)
ILIAS.roster = FOLDERS
BLACKBOARD = Platform(  # the names are Blackboard's, as scripts of its users have them: kwurst/bb-file-cleanup
    "blackboard",
    file=r"(?P<key>.+?)_(?:attempt|intento)_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)_(?P<own>.+)",
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


def sheet_of(root: str | Path, assignment: str) -> Sheet | None:
    """Return the only CSV file in downloaded/<assignment>/ as a Sheet, or None without one. Raises SheetError."""
    found = sorted((Path(root) / "downloaded" / assignment).glob("*.[cC][sS][vV]"))
    if len(found) > 1:
        raise SheetError(f"Leave only the newest worksheet in {found[0].parent}: there are {len(found)} CSV files.")
    return Sheet.read(found[0]) if found else None


def collected(root: str | Path, assignment: str) -> tuple[str | None, dict[str, str]]:
    """Return (name of the platform, {student: key in its archive}) of what has been collected, or (None, {}). Raises
    SheetError."""
    note = Path(root) / "downloaded" / assignment / COLLECTED
    try:
        facts = json.loads(note.read_text("utf-8"))
        return str(facts["platform"]), {str(student): str(key) for student, key in facts["people"].items()}
    except FileNotFoundError:
        return None, {}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SheetError(f"{note} is damaged: `grader collect {assignment}` writes it anew.") from None


def _known(root: str | Path, assignment: str) -> dict[str, str]:
    """Return {student: key} of what has been collected so far, as far as it can be read: it is about to be written."""
    try:
        return collected(root, assignment)[1]
    except SheetError:
        return {}


def platform_of(sheet: Sheet | None, paths: Sequence[PurePath]) -> Platform | None:
    """Return the Platform that a Sheet is of, or without one (None) that of most paths; None if it is none.

    Raises SheetError for a Sheet of another platform than the paths are of.
    """
    likely = max(PLATFORMS[:-1], key=lambda platform: sum(bool(platform.parse(path)) for path in paths))
    named: Platform | None = likely
    if sum(bool(likely.parse(path)) for path in paths) * 2 <= len(paths):
        named = FOLDERS if any(FOLDERS.parse(path) for path in paths) else None
    if sheet is not None and not sheet.rows:
        raise SheetError(f"{sheet.path} has headings and no students: download it for all participants.")
    owner = next((platform for platform in PLATFORMS if platform.owns(sheet)), None) if sheet else None
    if sheet is not None and owner is None:
        raise SheetError(
            f"{sheet.path} is of no platform that is known here: neither Moodle's grading worksheet, nor the "
            f"gradebook of Canvas or Blackboard, nor a roster. Its headings: {', '.join(sheet.headings)[:300]}. See "
            "docs/platforms.md."
        )
    if owner is FOLDERS and named and named.roster:
        return named
    if sheet and owner and named and named not in (FOLDERS, owner):
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

    def extract(self, archive_path: str | Path, extracted_path: str | Path) -> None:
        """Unpack all below `archive_path`; lay it out in `extracted_path`. Ends the program if nothing is collected."""
        self.report = Report()
        assignment = self.parent.coursedir.assignment_id
        raw = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=Path(extracted_path).parent))
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

    def is_of_a_student(self, path: PurePath) -> bool:
        """Tell whether a relative path is one that a platform gives to a student's file."""
        return any(platform.parse(path) for platform in PLATFORMS if platform is not FOLDERS)

    def _lay_out(self, raw: Path, target: Path, assignment: str) -> None:
        paths = {path: PurePath(path.relative_to(raw)) for path in sorted(raw.rglob("*")) if path.is_file()}
        sheet = sheet_of(self.parent.coursedir.root, assignment)
        FOLDERS.assignment = assignment
        platform = platform_of(sheet, [path for path in paths.values() if not _of_systems(path)])
        if platform is None:
            return
        if platform is FOLDERS:  # what archives and folders around them are called says nothing
            roots = {top.name: _below_common(raw, top) for top in raw.iterdir()}
            paths = {path: PurePath(path.relative_to(roots[name.parts[0]])) for path, name in paths.items()}
        self.report.platform = platform.name
        people = platform.people(sheet, self.timezone) if sheet is not None else None
        entries, typed = [], 0
        for path, relative in paths.items():
            if _of_systems(relative):
                continue
            entry = platform.parse(relative)
            if entry:
                entries.append((path, relative, entry))
            elif platform.is_typed(relative):
                typed += 1
            else:
                self._leave(relative, "its name is not one that the platform gives to files of students.")
        owned: defaultdict[str, list[tuple[Path, Entry, datetime | None]]] = defaultdict(list)
        keys: dict[str, str] = {}
        for path, relative, entry in entries:
            for student, key, handed_in in self._owners(entry, people, relative, [e for *_, e in entries]):
                owned[student].append((path, entry, handed_in))
                keys[student] = key
        if typed:
            self.report.notes.append(f"{typed} texts or links that were typed into the platform are not collected.")
        for student, files in owned.items():
            self._place(target / student, files, assignment)
        self.report.students = sorted(keys)
        self._say(people, keys)
        if keys:
            before = _known(self.parent.coursedir.root, assignment)
            before = {student: key for student, key in before.items() if key not in keys.values()}
            facts = {"platform": platform.name, "people": {**before, **keys}}
            (target.parent / COLLECTED).write_text(
                json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True), "utf-8"
            )

    def _owners(
        self, entry: Entry, people: list[Person] | None, relative: PurePath, entries: list[Entry]
    ) -> Iterator[tuple[str, str, datetime | None]]:
        """Yield (student, key, time of handing in) for each whose file it is. entries: all of the archive."""
        if people is None:
            wholes = {one.whole for one in entries if one.key == entry.key}
            if entry.group:
                why = "it is a group's"
            elif not fit(entry.key):
                why = "that is no name for a student's folder"
            elif len(wholes) > 1 or (entry.others and not entry.whole):
                why = "its name can be read in several ways"
            else:
                yield entry.key, entry.key, moment(entry.time, self.timezone)
                return
            self._leave(relative, f"{why}: the platform's CSV file, in downloaded/, has to say whose it is.")
            return
        if any(person.group for person in people):
            found, why = self._members(entry, people, entries)
        else:
            found, why = self._person(entry, people, entries)
        if not found:
            self._leave(relative, why)
        for person in found:
            if person.state == "draft" and not self.drafts:
                earlier = "; what was collected before stays" if self._was_collected(person.student) else ""
                which = self.parent.coursedir.assignment_id
                self._leave(
                    relative,
                    f"{person.student} has it as a draft, not sent for grading (`grader collect --drafts {which}` "
                    f"takes it){earlier}.",
                )
            else:
                yield person.student, person.key, person.handed_in or moment(entry.time, self.timezone)

    @staticmethod
    def _person(entry: Entry, people: list[Person], entries: list[Entry]) -> tuple[list[Person], str]:
        """Return (the Persons whose file it is, one or none; why none)."""
        if entry.group:
            return [], "it is a group's, and the worksheet has no column of groups: download both anew."
        readings = {one.key.casefold(): one for one in (*entry.others, entry)}
        found = [person for person in people if person.key.casefold() in readings]
        if entry.whole and found:  # a login of several words is meant where it is one; and nobody has two names
            key = max((person.key.casefold() for person in found), key=len)
            found = [person for person in found if person.key.casefold() == key]
            if len({one.whole for one in entries if f"_{one.whole}".casefold().endswith(f"_{key}")}) > 1:
                return [], f"several names in the archive end as {found[0].student}'s does: ask them whose it is."
        if len(found) == 1:
            entry.file = readings[found[0].key.casefold()].file
            return found, ""
        if found:
            return [], f"its name can be read as {' or '.join(person.student for person in found)}'s: ask them."
        return [], f"{entry.key} is not in the platform's CSV file: download this assignment's anew."

    @staticmethod
    def _members(entry: Entry, people: list[Person], entries: list[Entry]) -> tuple[list[Person], str]:
        """Return (the Persons of the group whose file it is, why none)."""
        name = _as_a_file(entry.name)
        found = [person for person in people if _as_a_file(person.group) == name]
        if not found:
            return [], f"no group of the worksheet is called {entry.name}: download both anew, at the same time."
        numbers = {one.key for one in entries if _as_a_file(one.name) == name}
        if len({person.group for person in found}) == len(numbers) == 1:
            return found, ""
        return [], f"several groups are called {entry.name}, in the archive: give them other names in Moodle."

    def _was_collected(self, student: str) -> bool:
        coursedir = self.parent.coursedir
        where = coursedir.format_path(coursedir.submitted_directory, student, coursedir.assignment_id)
        return Path(where).is_dir()

    def _place(self, folder: Path, files: list[tuple[Path, Entry, datetime | None]], assignment: str) -> None:
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

    def _say(self, people: list[Person] | None, keys: Mapping[str, str]) -> None:
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

    def _leave(self, what: object, why: str) -> None:
        self.report.left_out[printable(what)] = printable(why)


class PlatformCollector(FileNameCollectorPlugin):
    """Reads whose file is whose from the folders that PlatformExtractor has laid out."""

    def collect(self, submitted_file: str) -> dict[str, str]:
        """Return student_id and file_id of a file below extracted/."""
        app = self.parent
        root = app.collect_directory_structure.format(
            downloaded=app.downloaded_directory,
            assignment_id=app.coursedir.assignment_id,
            collect_step=app.extracted_directory,
        )
        student, *own = Path(submitted_file).relative_to(Path(app.coursedir.root, root)).parts
        return {"student_id": student, "file_id": str(Path(*own))}


def collect(course: Course, assignment: str, files: Collection[str | Path] = (), drafts: bool = False) -> Report:
    """Put `files` where they belong in downloaded/, collect the assignment's archive anew; return the Report.

    Raises GradingError; a CSV file that could not be used is taken back then.
    """
    if not fit(assignment):
        raise GradingError(f"{assignment!r} is no assignment's name.")
    folder = course.root / "downloaded" / assignment
    (folder / "archive").mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{UNFINISHED}*"):  # of one that was killed
        shutil.rmtree(left)
    undo: list[tuple[Path, Path | None]] = []
    for file in map(Path, files):
        if not file.exists():
            raise GradingError(f"{file} does not exist.")
        if file.is_dir() and (folder / "archive").resolve().is_relative_to(file.resolve()):
            raise GradingError(f"{file} is a folder around this course's own: name the one with the students' folders.")
    for file in map(Path, files):
        if file.is_dir():
            _take(file, _free(folder / "archive" / shortened(file.resolve().name)))
        elif file.suffix.lower() == ".csv":
            Sheet.read(file)
            content = file.read_bytes()
            for old in sorted(folder.glob("*.[cC][sS][vV]")):
                (folder / "older").mkdir(exist_ok=True)
                undo.append((old.replace(_free(folder / "older" / old.name)), old))
            with whole(folder / shortened(file.name)) as part:
                part.write_bytes(content)
            undo.append((folder / shortened(file.name), None))
        elif file.resolve().parent != (folder / "archive").resolve():
            _take(file, _free(folder / "archive" / shortened(file.name), file))
    if not any((folder / "archive").iterdir()):
        raise GradingError(
            f"Nothing lies in {folder / 'archive'}: put the platform's archive of submissions there, or name it: "
            f"`grader collect {assignment} ARCHIVE.zip WORKSHEET.csv`."
        )
    before = _known(course.root, assignment)
    app = ZipCollectApp(config=course.config)
    app.log_level = "CRITICAL"
    app.coursedir = course.coursedir
    app.coursedir.assignment_id = assignment
    app.force = True
    app.config.PlatformExtractor.drafts = drafts
    failures = []

    def fail(text: str, *args: object) -> None:
        failures.append(text % args if args else text)
        app.exit(1)

    app.fail = fail
    app.init_plugins()
    try:
        app.extract_archive_files()
        app.process_extracted_files()
    except SystemExit:
        for now, then in reversed(undo):
            now.unlink() if then is None else now.replace(then)
        report: Report = app.extractor_plugin_inst.report
        said = [f"Left out: {what}: {why}" for what, why in report.left_out.items()]
        raise GradingError("\n".join([*said[:50], *report.notes, *failures])) from None
    report = app.extractor_plugin_inst.report
    _rename(course, assignment, before, report)
    return report


def _take(what: Path, place: Path) -> None:
    """Copy a file or folder to `place` in archive/, whole or not at all."""
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=place.parent.parent) as folder:
        part = Path(folder, "part")
        shutil.copytree(what, part, symlinks=True) if what.is_dir() else shutil.copy2(what, part)
        part.replace(place)


def _rename(course: Course, assignment: str, before: Mapping[str, str], report: Report) -> None:
    """Take from submitted/ what was collected under another name, as before there was a worksheet, and is there
    again."""
    now = _known(course.root, assignment)
    names, gone = {key: student for student, key in now.items()}, []
    for old, key in before.items():
        new = names.get(key)
        if new and old != new and old not in now:
            first, second = (course.folder("submitted", assignment, student) for student in (old, new))
            theirs = [path for path in first.rglob("*") if path.is_file() and path.name != TIMESTAMP]
            there = [second / path.relative_to(first) for path in theirs]
            pairs = zip(theirs, there, strict=True)
            if theirs and all(b.is_file() and filecmp.cmp(a, b, shallow=False) for a, b in pairs):
                shutil.rmtree(first)
                gone.append(f"{old} is {new} now")
    if gone:
        report.notes.append(
            f"Called otherwise than when they were collected before: {', '.join(gone)}. Grade them again; grades "
            "that they have under the old name stay in the gradebook."
        )


def _free(place: Path, file: Path | None = None) -> Path:
    """Return a path that nothing has, of this name or with a number; the path itself, if it holds `file` already."""
    stem, dot, ending = place.name.partition(".")
    for number in range(2, 10_000):
        if not place.exists() or (file and place.is_file() and filecmp.cmp(place, file, shallow=False)):
            break
        place = place.with_name(f"{stem} ({number}){dot}{ending}")
    return place


def _below_common(raw: Path, top: Path) -> Path:
    """Return the folder in which the students' folders lie of `top`, one thing of archive/.

    It is a student's own if files lie in it; else they are below, through folders that hold nothing but one folder, if
    several things follow at last.
    """
    if not top.is_dir() or any(path.is_file() for path in top.iterdir()):
        return raw
    chain = top
    while True:
        inside = [path for path in chain.iterdir() if not _of_systems(PurePath(path.name))]
        if len(inside) != 1 or not inside[0].is_dir():
            break
        chain = inside[0]
    return chain if len(inside) > 1 and not any(path.is_file() for path in inside) else top


def _as_a_file(name: str) -> str:
    """Return a group's name as Moodle makes names of files of it (PARAM_FILE)."""
    return re.sub(r"[\x00-\x1f&<>\"`|':\\/]|\.\.+", "", name.replace("_", " ")).strip()


def _of_systems(path: PurePath) -> bool:
    """Tell whether it is a file that systems add to archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _newest(files: list[tuple[Path, PurePath, datetime | None]], assignment: str) -> list[tuple[Path, PurePath]]:
    """Return the (path, own name) to take: of files with one name, and of the assignment's notebooks, the newest.

    files: (path, own name, time of handing in or None).
    """
    homes = {own.parent for _, own, _ in files if own.suffix == ".ipynb"}
    chosen: dict[PurePath, Path] = {}

    def age(file: tuple[Path, PurePath, datetime | None]) -> tuple[datetime, float, int, str]:
        path, own, handed_in = file
        return handed_in or datetime.min, path.stat().st_mtime, _copy(own.name), str(path)

    for path, own, _ in sorted(files, key=age):
        home = next((folder for folder in own.parents if folder in homes), "")  # where the notebook lies, all begins
        name = own.relative_to(home)
        chosen.pop(name, None)
        chosen[name] = path
    older = [name for name in chosen if _is_version(name.name, assignment)][:-1]
    return [(path, name) for name, path in chosen.items() if name not in older]


def _copy(name: str) -> int:
    """Return the number of a copy: a second upload of wine.ipynb is called "wine (1).ipynb"."""
    found = re.search(r"(\d{1,2})\)?\.ipynb$", name)
    return int(found[1]) if found else 0


def _is_version(name: str, assignment: str) -> bool:
    """Tell whether a notebook is named as handed out, or as systems name copies: "wine (1)", "Copia de wine"."""
    pattern = rf"(copia de |copy of )?{re.escape(assignment)}([ _-]?\(?\d{{1,2}}\)?|[ -]*cop(y|ia))*\.ipynb"
    return bool(re.fullmatch(pattern, name, re.IGNORECASE))
