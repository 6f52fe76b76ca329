"""nbgrader's exchange, where a submission belongs to the user who wrote it, whatever its name says."""

import pwd
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect


class OwnersCollect(ExchangeCollect):
    """`nbgrader collect` that takes the student's name from the owner of the submitted folder.

    nbgrader takes it from the folder's name, and all students may write to the folder of submissions: one could hand in
    for another.
    """

    def _path_to_record(self, path):
        record = super()._path_to_record(path)
        owner = pwd.getpwuid(Path(path).stat().st_uid).pw_name
        if owner != record["username"]:
            self.log.warning("%s names %s but was written by %s, and counts as theirs", path, record["username"], owner)
        return {**record, "username": owner}
