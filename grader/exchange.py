"""nbgrader's exchange, where a submission belongs to the user who wrote it, whatever its name says, and holds their own
files alone; and where nothing that one student hands in, or leaves out, stops the class."""

import contextlib
import os
import pwd
import stat
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from .ground.text import printable
from .notebooks.submitted import MAX_FILES, MAX_MB, SECRET, TIMESTAMP, handed_in_at

MAX_DEPTH = 20  # folders within folders


class OwnersCollect(ExchangeCollect):
    """`nbgrader collect` for a folder of submissions to which all students may write.

    nbgrader takes the student's name from the folder's name: one could hand in for another. It follows links, with
    the instructor's rights, and stops at the first folder or file that it cannot read. Here the owner is the student;
    links, special files and files of other owners are left out, with a warning, and so are folders that cannot be
    submissions.
    """

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Find the submissions to collect."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Return what nbgrader knows of a submitted folder; without a username if it is to be left out."""
        nobody = {"username": "", "filename": Path(path).name, "timestamp": datetime.min}
        try:
            status = os.lstat(path)
            if not stat.S_ISDIR(status.st_mode):
                raise OSError("it is no folder")
            if not os.access(path, os.R_OK | os.X_OK):
                raise OSError("it cannot be read")
            owner = pwd.getpwuid(status.st_uid).pw_name
            record = super()._path_to_record(path)
        except (Exception, SystemExit) as error:  # nbgrader ends the program for a name of another form
            self._leave_out(path, error)
            return nobody
        if owner != record["username"]:
            texts = printable(path), printable(record["username"]), owner
            self.log.warning("%s names %s but was written by %s, and counts as theirs", *texts)
        return {**record, "username": owner}

    def copy_files(self) -> None:
        """Collect the submissions that were found."""
        for record in self.src_records:
            where = self.coursedir.submitted_directory, record["username"], self.coursedir.assignment_id
            time = Path(self.coursedir.format_path(*where)) / TIMESTAMP
            if time.is_file() and handed_in_at(time.parent) is None:  # nbgrader would stop at it
                self.log.warning("%s holds no time: it is removed, and the new one counts", printable(time))
                time.unlink()
        super().copy_files()

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the owner's regular files of a submission, as far as they can be read, up to MAX_MB and MAX_FILES. The
        time is the one in its name, by which nbgrader tells what is newer."""
        Path(dest).mkdir(parents=True)
        try:
            self._copy_all(src, dest)
        except Exception as error:
            self._leave_out(src, error)
        times = [record["timestamp"] for record in self.src_records if record["filename"] == Path(src).name]
        with contextlib.suppress(OSError):
            (Path(dest) / TIMESTAMP).write_text(f"{times[0]} UTC", "utf-8")

    def _copy_all(self, src: str, dest: str) -> None:
        left, count, owner = MAX_MB * 2**20, 0, os.lstat(src).st_uid
        for folder, folders, names, fd in os.fwalk(src, onerror=lambda e: self._leave_out(e.filename, e.strerror)):
            below = Path(dest) / os.path.relpath(folder, src)
            folders[:] = [name for name in sorted(folders) if self._is_own_folder(name, fd, folder, owner)]
            if folders and len(below.relative_to(dest).parts) >= MAX_DEPTH:
                self._leave_out(folder, f"more than {MAX_DEPTH} folders one in another")
                folders.clear()
            for name in sorted(names, key=lambda name: (".ipynb" not in name.lower(), name)):
                if self._is_ignored(name):
                    continue
                try:
                    copied = _copy(name, fd, below, owner, left if count < MAX_FILES else -1)
                    left, count = left - copied, count + 1
                except (OSError, ValueError) as error:
                    self._leave_out(Path(folder, name), error)

    def _is_own_folder(self, name: str, fd: int, folder: str, owner: int) -> bool:
        status = os.stat(name, dir_fd=fd, follow_symlinks=False)
        if self._is_ignored(name):
            return False
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner:
            self._leave_out(Path(folder, name), "a link, or of another user")
            return False
        return True

    def _is_ignored(self, name: str) -> bool:
        return any(fnmatch(name, pattern) for pattern in self.coursedir.ignore)

    def _leave_out(self, path: str | Path, why: object) -> None:
        self.log.warning("Left out: %s: %s", printable(path), printable(why))


class OwnersReleaseFeedback(ExchangeReleaseFeedback):
    """`nbgrader release_feedback` that goes on where a submission came without the files that it asks for."""

    def copy_files(self) -> None:
        """Release the pages of all whose submission has its secret."""
        without = []
        pages = Path(self.src_path).relative_to(self.coursedir.root) / "*.html"
        for page in Path(self.coursedir.root).glob(str(pages)):
            folder = page.parent
            (folder / TIMESTAMP).touch()  # it is only told
            try:
                (folder / SECRET).read_text("utf-8")
                (folder / TIMESTAMP).read_text("utf-8")
            except (OSError, UnicodeError):
                without.append(folder.parent.name)
                said = "Not released: %s came without its %s. Give the student the page by hand."
                self.log.warning(said, printable(page), SECRET)
        excluded = {*filter(None, self.coursedir.student_id_exclude.split(",")), *without}
        self.coursedir.student_id_exclude = ",".join(sorted(excluded))
        super().copy_files()


def _copy(name: str, fd: int, below: Path, owner: int, room: int) -> int:
    """Copy a file of the folder `fd` to the folder `below`; return its size. What it is and whose is asked of what has
    been opened, since a student may change it at any moment. Raises OSError, ValueError."""
    source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=fd)
    with os.fdopen(source, "rb") as file:
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("no regular file")
        if status.st_uid != owner:
            raise ValueError("of another user")
        content = file.read(room + 1) if status.st_size <= room else None
        if content is None or len(content) > room:
            raise ValueError(f"more than {MAX_MB} MB or {MAX_FILES} files in all")
    below.mkdir(parents=True, exist_ok=True)
    (below / name).write_bytes(content)
    return len(content)
