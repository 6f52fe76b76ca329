"""`nbgrader export --exporter grader.lms.moodle_export.MoodleExport`, as `grader grades`."""

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from ..course import Course
from ..ground.text import printable
from ..office.sheets import SheetError
from .upload import Uploads


class MoodleExport(ExportPlugin):
    """One file per assignment, in the form of the platform that it was collected from; see grader.lms.upload."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the files of all, or of the chosen, assignments to the folder `self.to`, or one of the platform's
        name."""
        uploads = Uploads(Course(self.parent.coursedir.root), gradebook, self.to or None)
        chosen = [str(name) for name in self.assignment or []]
        known = [assignment.name for assignment in gradebook.assignments]
        if unknown := [name for name in chosen if name not in known]:
            self.parent.fail(f"No assignment of this gradebook: {', '.join(unknown)}. There are: {', '.join(known)}.")
        failed = written = 0
        for assignment in [a.name for a in gradebook.assignments if not chosen or a.name in chosen]:
            try:
                upload = uploads.grades(assignment, [str(name) for name in self.student or []])
            except SheetError as error:
                self.log.error("%s", printable(error))
                failed += 1
                continue
            written += 1
            self.log.info("%s: %d grades", upload.path, len(upload.students))
            for remark in upload.remarks:
                self.log.warning("%s: %s", assignment, printable(remark))
        if failed and (chosen or not written):
            self.parent.fail("Not all of it could be written: see above.")
