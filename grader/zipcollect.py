"""`nbgrader zip_collect` for archives from strangers: nothing lands outside their folder, no bomb goes off."""

import os
import shutil
import stat
import tarfile
import time
import zipfile
from pathlib import Path

from nbgrader.plugins import ExtractorPlugin
from traitlets import Integer

MAX_FILE_MB = 100  # one file, unpacked
MAX_DEPTH = 3  # archives within archives
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")


class BoundedExtractor(ExtractorPlugin):
    """Unpacks each archive, and those within it, into a folder of its own.

    What is damaged, too large or foul stays packed, with a word in the log: only its student is without a notebook.
    """

    class_mb = Integer(4000, help="Largest size of all files in an archive of a class, unpacked.").tag(config=True)
    class_files = Integer(20_000, help="Most files in an archive of a class.").tag(config=True)
    student_mb = Integer(200, help="Largest size of all files in an archive within it, unpacked.").tag(config=True)
    student_files = Integer(2000, help="Most files in an archive within it.").tag(config=True)

    def extract(self, archive_path, extracted_path):
        """Unpack or copy all files below `archive_path` to `extracted_path`."""
        for path in sorted(Path(archive_path).rglob("*")):
            target = Path(extracted_path) / path.relative_to(archive_path)
            if not path.is_file() or path.is_symlink():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if _ending(path) and "_assignsubmission_" not in str(path):  # else of one student, unpacked by hand
                self._unpack(path, target, self.class_mb, self.class_files)
            else:
                shutil.copy2(path, target)
        self._unpack_within(Path(extracted_path), MAX_DEPTH - 1)

    def _unpack_within(self, folder, depth):
        """Put folders in the place of the archives below `folder`."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and _ending(path)):
            inner = self._unpack(path, path, self.student_mb, self.student_files) if depth else None
            if inner:
                path.unlink()
                self._unpack_within(inner, depth - 1)

    def _unpack(self, path, target, mb, files):
        """Unpack an archive into a new folder named after `target`; return it, or None if it is refused."""
        folder = target.with_name(target.name[: -len(_ending(target))] or "archive")
        while folder.exists():
            folder = folder.with_name(folder.name + "-zip")
        try:
            unpack(path, folder, mb, files)
        except (ValueError, OSError, EOFError, RuntimeError, tarfile.TarError, zipfile.BadZipFile) as error:
            shutil.rmtree(folder, ignore_errors=True)
            self.log.error(
                "Left out: %s: %s. Nothing of it is unpacked; ask its student for the notebook itself.",
                *(ascii(str(thing))[1:-1] for thing in (path, error)),
            )
            return None
        folder.mkdir(exist_ok=True)  # of an empty archive
        return folder


def unpack(path, folder, mb, files):
    """Unpack the files of a zip or tar archive, with their times. Raises ValueError if one is not to be unpacked.

    mb, files: the most that it may hold; a single file may have up to MAX_FILE_MB.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check(((m.filename, m.file_size, _is_regular(m)) for m in members), mb, files)
            for member in members:
                file = archive.extract(member, folder)  # no more than the size that it declares
                stamp = time.mktime((*member.date_time, 0, 0, -1))
                os.utime(file, (stamp, stamp))
    else:
        with tarfile.open(path) as archive:
            members = (m for m in archive if not m.isdir())
            checked = _check(((m.name, m.size, m.isfile(), m) for m in members), mb, files)
            archive.extractall(folder, [m for *_, m in checked], filter="data")


def _is_regular(member):
    """Tell whether a zip's member is a file, and not a link or a device; many programs say nothing about it."""
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)


def _check(members, mb, files):
    """Return the list of (name, size, regular, ...) as soon as all are read; stop at the first that is one too many."""
    checked, size = [], 0
    for member in members:
        name, bytes_, regular = member[:3]
        size += bytes_
        checked.append(member)
        if Path(name).is_absolute() or ".." in Path(name.replace("\\", "/")).parts:
            raise ValueError(f"it holds a file that would leave its folder: {name}")
        if not regular:
            raise ValueError(f"it holds a link or a device: {name}")
        if bytes_ > MAX_FILE_MB * 2**20:
            raise ValueError(f"it holds a file of more than {MAX_FILE_MB} MB: {name}")
        if size > mb * 2**20 or len(checked) > files:
            raise ValueError(f"it holds more than {mb} MB or {files} files")
    return checked


def _ending(path):
    """Return the ending that makes a file an archive, or ""."""
    return next(
        (path.name[-len(e) :] for e in sorted(ENDINGS, key=len, reverse=True) if path.name.lower().endswith(e)), ""
    )
