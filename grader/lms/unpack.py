"""Archives from strangers are unpacked: nothing lands outside their folder, no bomb goes off."""

import contextlib
import gzip
import hashlib
import os
import shutil
import stat
import tarfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import IO, Any, cast

from nbgrader.plugins import ExtractorPlugin
from traitlets import Integer

from ..ground.text import printable

MAX_FILE_MB = 100  # one file, unpacked
MAX_DEPTH = 3  # archives within archives
HEADERS = 4096  # bytes of a tar archive's headers, of one file
ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
LONGEST = 200  # bytes of a name, so that there is room for what is added to it; platforms keep 255 characters
_Member = tuple[str, int, bool, Any]  # name, size, whether it is regular, and itself, of zipfile or tarfile


class BoundedExtractor(ExtractorPlugin):
    """Unpacks each archive, and those within it, into a folder of its own.

    What is damaged, too large or foul stays packed, with a word in the log: only its student is without a notebook.
    """

    class_mb = Integer(4000, help="Largest size of all files in an archive of a class, unpacked.").tag(config=True)
    class_files = Integer(20_000, help="Most files in an archive of a class.").tag(config=True)
    student_mb = Integer(200, help="Largest size of all files in an archive within it, unpacked.").tag(config=True)
    student_files = Integer(2000, help="Most files in an archive within it.").tag(config=True)

    def extract(self, archive_path: str | Path, extracted_path: str | Path) -> None:
        """Unpack or copy all files below `archive_path` to `extracted_path`; `refused` is then {what: why}."""
        self.refused: dict[str, str] = {}
        for path in sorted(Path(archive_path).rglob("*")):
            relative = path.relative_to(archive_path)
            if path.is_symlink():
                self.refused[printable(relative)] = "it is a link."
                continue
            if not path.is_file():
                continue
            target = Path(extracted_path, *map(shortened, relative.parts))
            target.parent.mkdir(parents=True, exist_ok=True)
            if _ending(path) and not self.is_of_a_student(relative):
                self._unpack(path, target, [self.class_mb * 2**20, self.class_files], of_a_class=True)
            else:
                shutil.copy2(path, target)
        self._unpack_within(Path(extracted_path), MAX_DEPTH - 1, Path(extracted_path))

    def is_of_a_student(self, path: PurePath) -> bool:
        """Tell whether a relative path is one of a student's file, and no archive of a class."""
        return len(path.parts) > 1

    def _unpack_within(self, folder: Path, depth: int, root: Path, room: list[int] | None = None) -> None:
        """Put folders in the place of the archives below `folder`.

        root: where all of it lies; room: bytes and files left for the archives of a student; those that lie within one
        share what it may hold.
        """
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and _ending(path)):
            left = room or [self.student_mb * 2**20, self.student_files]
            inner = self._unpack(path, path, left, not self.is_of_a_student(path.relative_to(root))) if depth else None
            if inner:
                path.unlink()
                self._unpack_within(inner, depth - 1, root, left)

    def _unpack(self, path: Path, target: Path, room: list[int], of_a_class: bool = False) -> Path | None:
        """Unpack an archive into a new folder named after `target`; return it, or None if it is refused.

        room: bytes and files that it may hold, less what it does hold afterwards; of_a_class: of its members, those
        that may not be unpacked are left out, one by one.
        """
        folder = target.with_name(target.name[: -len(_ending(target))] or "archive")
        while folder.exists():
            folder = folder.with_name(folder.name + "-zip")
        try:
            size, count, refused = unpack(path, folder, room[0], room[1], lenient=of_a_class)
            self.refused |= {printable(f"{path.name}: {n}"): f"it {printable(why)}." for n, why in refused.items()}
            room[:] = room[0] - size, room[1] - count
            folder.mkdir(exist_ok=True)  # of an empty archive
        except Exception as error:  # of many kinds, those of the unpackers among them
            shutil.rmtree(folder, ignore_errors=True)
            if folder.is_file():  # of a member without a name
                folder.unlink()
            advice = "download it anew" if of_a_class else "ask its student for the notebook itself"
            name = path.name if of_a_class else "/".join(path.parts[-2:])
            why = printable(error) or type(error).__name__
            self.refused[printable(name)] = f"{why}. Nothing of it is unpacked; {advice}."
            return None
        return folder


def shortened(name: str) -> str:
    """Return a name of at most LONGEST bytes: its beginning, a mark of its own, and its end."""
    if len(name.encode("utf-8", "replace")) <= LONGEST:
        return name
    mark = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    start, end = name, name[-12:]
    while len(f"{start}~{mark}~{end}".encode("utf-8", "replace")) > LONGEST:
        start = start[:-1]
    return f"{start}~{mark}~{end}"


def unpack(path: Path, folder: Path, size: int, files: int, lenient: bool = False) -> tuple[int, int, dict[str, str]]:
    """Unpack the files of a zip or tar archive, with their times; return how many bytes and files it holds, and what
    has been left out, {name: why}.

    size, files: the most of both that it may hold; a single file may have up to MAX_FILE_MB. Raises ValueError if one
    is not to be unpacked (lenient: that one is left out), or if there are too many, and what else zipfile, tarfile and
    the unpackers raise where an archive is damaged. Names are shortened to what a disk takes.
    """
    found: Iterable[_Member]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            found = ((m.filename, m.file_size, _is_regular(m), m) for m in members)
            checked, refused = _check(found, size, files, lenient)
            for name, _, _, member in checked:
                member.filename = _on_disk(name)
                try:
                    place = archive.extract(member, folder)  # no more than the size that it declares
                except Exception as error:  # damaged, or in a way that zipfile does not know
                    if not lenient:
                        raise
                    refused[name] = f"cannot be unpacked ({type(error).__name__}: {error})"
                    continue
                with contextlib.suppress(OverflowError, ValueError):  # no such day
                    stamp = time.mktime((*member.date_time, 0, 0, -1))
                    os.utime(place, (stamp, stamp))
    else:
        packed = path.name.lower().endswith("gz")
        with (gzip.open if packed else open)(path, "rb") as file:
            reader = _Reader(file, HEADERS * files + 2**20)
            with tarfile.open(fileobj=cast("IO[bytes]", reader), mode="r:") as archive:
                found = ((m.name, m.size, m.isfile() or m.isdir(), m) for m in archive)
                checked, refused = _check(found, size, files, lenient)
                reader.left = size + HEADERS * files
                for name, _, _, member in checked:
                    member.name = _on_disk(name)
                archive.extractall(folder, [m for *_, m in checked if not m.isdir()], filter="data")
    return sum(bytes_ for _, bytes_, *_ in checked), len(checked), refused


def _on_disk(name: str) -> str:
    return "/".join(map(shortened, name.split("/")))


class _Reader:
    """A file for tarfile, which reads headers in one piece, however long they say they are, and as many as there are.

    left: bytes that it may still read.
    """

    def __init__(self, file: IO[bytes] | gzip.GzipFile, left: int) -> None:
        self._file, self.left = file, left
        self.tell, self.seek = file.tell, file.seek

    def read(self, size: int = -1) -> bytes:
        self.left -= size
        if not 0 <= size <= 2**20 or self.left < 0:
            raise ValueError("it holds headers out of all proportion")
        return self._file.read(size)


def _is_regular(member: zipfile.ZipInfo) -> bool:
    """Tell whether a zip's member is a file, and not a link or a device; many programs say nothing about it."""
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)


def _check(members: Iterable[_Member], most: int, files: int, lenient: bool) -> tuple[list[_Member], dict[str, str]]:
    """Return the list of (name, size, regular, member) that may be unpacked, and {name: why} of those that may not.

    Stops, with ValueError, at the first that is one too many, or, if not lenient, that may not.
    """
    checked: list[_Member] = []
    refused: dict[str, str] = {}
    size = 0
    for member in members:
        name, bytes_, regular, _ = member
        why = ""
        if Path(name).is_absolute() or ".." in Path(name.replace("\\", "/")).parts:
            why = f"would leave its folder: {name}"
        elif not Path(name).parts and bytes_:
            why = "is the folder itself"
        elif not regular:
            why = f"is a link or a device: {name}"
        elif bytes_ > MAX_FILE_MB * 2**20:
            why = f"has more than {MAX_FILE_MB} MB: {name}"
        if why and not lenient:
            raise ValueError(f"it holds a file that {why}")
        if why:
            refused[name] = why
        else:
            size += bytes_
            checked.append(member)
        if size > most or len(checked) + len(refused) > files:
            raise ValueError(f"it holds more than {most // 2**20} MB or {files} files")
    return checked, refused


def _ending(path: PurePath) -> str:
    """Return the ending that makes a file an archive, or ""."""
    return next(
        (path.name[-len(e) :] for e in sorted(ENDINGS, key=len, reverse=True) if path.name.lower().endswith(e)), ""
    )
