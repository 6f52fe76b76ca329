"""The course as nbgrader sees it; every nbgrader command run in this folder reads this file."""

import sys
from pathlib import Path

# nbgrader looks for modules in the working folder first. That may be a clone of the course, with a `grader` of its own:
# the one that grades is the installed one.
searched, sys.path[:] = [*sys.path], [place for place in sys.path if place not in ("", str(Path.cwd()))]
from grader.ground import database, duedates  # noqa: E402
from grader.office import shared  # noqa: E402

sys.path[:] = searched

EDITION = "es"  # the folder below source/ and release/ that is taught

c = get_config()  # noqa: F821 - given by traitlets

root = Path(__file__).absolute().parent  # not resolved: the formgrader needs it below the home, if by a link
c.CourseDirectory.root = str(root)
c.CourseDirectory.groupshared = shared.with_group(root)  # docs/operator.md: several instructors, one class
c.CourseDirectory.course_id = "redes-neuronales"
c.CourseDirectory.source_directory = f"source/{EDITION}"
c.CourseDirectory.release_directory = f"release/{EDITION}"
# source/es/<assignment> has no student in it, so the folders keep their edition in front of it.
c.CourseDirectory.directory_structure = "{nbgrader_step}/{student_id}/{assignment_id}"
c.Course.taught = []  # names of the assignments in the order in which they are taught; none: all of source/
database.install()  # patience with who else uses the gradebook, and no warnings that only nbgrader could mend
duedates.install()  # of `nbgrader db assignment add --duedate`, with any zone
c.GenerateAssignment.exporter_class = "grader.office.release.ReleaseExporter"
# What students find in place of a solution; one sentence, and the only kind of error of a released notebook.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("Escribe aquí tu solución.")'}
c.ClearSolutions.text_stub = "*Escribe aquí tu respuesta.*"

# Validate needs no setting to tell what is missing: a graded cell fails by itself until its self-check has passed. But
# on a busy machine nbgrader's seconds are short: for one cell, 30, and for the outputs of one that has ended, 4.
c.Execute.timeout = 180
c.Execute.iopub_timeout = 60

# Grading: repair what students did to nbgrader's cells, then run each notebook in the sandbox, its hidden tests
# outside of it (docs/notebooks.md).
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "grader.notebooks.repair.RepairCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "grader.notebooks.skipping.SkipCells",
]
c.Autograde.autograde_preprocessors = [
    "grader.execute.CourseExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.office.late.LatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What late work costs, where an assignment has a due date: nothing, unless you say so (docs/instructor.md).
c.LatePolicy.percent_per_day = 0  # of the points earned, for each day begun
c.LatePolicy.most_percent = 100
c.LatePolicy.grace_minutes = 0
c.LatePolicy.timezone = "Europe/Madrid"  # of the clocks by which days are counted

# Limits of one notebook. Reaching one is said in the student's feedback; what did not run earns nothing.
# The first three do not count the time in which other programs have the processor, up to busy_factor times as long.
c.CourseExecute.limits = {
    "wall_seconds": 600,  # the whole notebook
    "cell_seconds": 180,  # one cell
    "question_seconds": 60,  # one answer to a hidden test
    "busy_factor": 3,
    "cpu_seconds": 900,
    "memory_mb": 4096,
    "processes": 256,  # threads count
    "file_mb": 100,  # one file
    "scratch_mb": 500,  # all files
    "output_mb": 10,  # all outputs; more is left out of the feedback, and graded all the same
}

# Feedback is the course's own page, in Spanish. It shows a failed test's message, not its source; nor the code of
# cells that only draw.
c.GenerateFeedback.exporter_class = "grader.pages.feedback.FeedbackExporter"
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
c.GenerateFeedback.preprocessors = [
    "nbconvert.preprocessors.TagRemovePreprocessor",
    "grader.notebooks.clean.ClearTests",
    "grader.pages.results.CourseGrades",
]
# The report and the workbook of grades. Totals average the shares of the assignments' points; an assignment counts 1
# unless it is named, as {"wine": 2}. The formgrader's address is for a report that is opened as a file; where a Jupyter
# server shows it, that one's formgrader is linked.
c.Report.weights = {}
c.Report.formgrader = "http://localhost:8888/formgrader"

# Nothing of a student's may run in a page of feedback or of the formgrader, in a spreadsheet, or while archives unpack.
c.HTMLExporter.filters = {
    "markdown2html": "grader.notebooks.clean.markdown2html",
    "highlight_code": "grader.notebooks.clean.highlight_code",
}
c.ExportApp.plugin_class = "grader.export.QuotedCsvExport"
# Archives of Moodle, Canvas and others: docs/platforms.md.
c.ZipCollectApp.extractor_plugin = "grader.lms.collecting.PlatformExtractor"
c.ZipCollectApp.collector_plugin = "grader.lms.collecting.PlatformCollector"
c.PlatformExtractor.timezone = "Europe/Madrid"  # of the times in the files of platforms
