"""`nbgrader zip_collect` for archives from strangers: nothing lands outside their folder, no bomb goes off."""

import shutil
import tarfile
import zipfile
from pathlib import Path

from nbgrader.plugins import ExtractorPlugin

MAX_MB = 200  # of the files in one archive, unpacked
MAX_FILES = 2000


class BoundedExtractor(ExtractorPlugin):
    """Unpacks each archive into a folder of its own; leaves out, with a word, what is damaged, too large or foul."""

    def extract(self, archive_path, extracted_path):
        """Unpack or copy all files below `archive_path` to `extracted_path`."""
        for path in sorted(Path(archive_path).rglob("*")):
            target = Path(extracted_path) / path.relative_to(archive_path)
            if not path.is_file() or path.is_symlink():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix not in self.zip_ext:
                shutil.copyfile(path, target)
                continue
            folder = target.with_name(path.name.removesuffix(path.suffix).removesuffix(".tar"))
            try:
                unpack(path, folder)
            except (ValueError, OSError, EOFError, RuntimeError, tarfile.TarError, zipfile.BadZipFile) as error:
                shutil.rmtree(folder, ignore_errors=True)
                self.log.error("Left out: %s: %s", path, ascii(str(error)))


def unpack(path, folder):
    """Unpack the regular files of a zip or tar archive. Raises ValueError if they are too many, large or misplaced."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check((m.filename, m.file_size) for m in members)
            for member in members:  # links come out as small files
                archive.extract(member, folder)  # no more than the size that it declares
    else:
        with tarfile.open(path) as archive:
            members = (m for m in archive if m.isfile())
            checked = _check((m.name, m.size, m) for m in members)
            archive.extractall(folder, [m for *_, m in checked], filter="data")


def _check(members):
    """Return the list of (name, size, ...) as soon as all are read; stop at the first that is one too many."""
    checked, size = [], 0
    for member in members:
        size += member[1]
        checked.append(member)
        if Path(member[0]).is_absolute() or ".." in Path(member[0]).parts:
            raise ValueError(f"it holds a file that would leave its folder: {member[0]}")
        if size > MAX_MB * 2**20 or len(checked) > MAX_FILES:
            raise ValueError(f"it holds more than {MAX_MB} MB or {MAX_FILES} files")
    return checked
