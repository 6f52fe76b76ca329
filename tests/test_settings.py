"""Errors in nbgrader_config.py: one sentence, with the line and the right name, before anything runs."""

import shutil

import pytest

from grader.course import Course, GradingError

from .course import ROOT, command

FILE = "nbgrader_config.py"
MISTAKES = {  # what stands in the file, what in its place, what is said
    "limit": (
        '"memory_mb": 4096',
        '"memory_gb": 4',
        "memory_gb is no limit. Do you mean memory_mb? There are: wall_se",
    ),
    "unit": (
        '"memory_mb": 4096',
        '"memory_mb": "4 GB"',
        "memory_mb is '4 GB': it is a positive number of MB, as 4096.",
    ),
    "none": (
        '"cell_seconds": 180',
        '"cell_seconds": 0',
        "cell_seconds is 0: it is a positive number of seconds, as 180.",
    ),
    "half": ('"processes": 256', '"processes": 1.5', "processes is 1.5: it is a whole number, as 256."),
    "module": (
        "c.Course.taught = []",
        'c.CourseExecute.preload = ["keras", "nunpy"]',
        "c.CourseExecute.preload: there is no module 'nunpy'. Do you mean numpy?",
    ),
    "modules": ("c.Course.taught = []", 'c.CourseExecute.preload = "keras"', "preload is a list of names of modules"),
    "moved": (
        '"grader.notebooks.repair.RepairCells"',
        '"grader.repair.RepairCells"',
        "c.Autograde.sanitize_preprocessors: there is no module grader.repair. It may have moved with an upgrade",
    ),
    "moved, imported": (
        "from grader.office import shared",
        "from grader import shared",
        "cannot import name 'shared' from 'grader'",
    ),
    "endless": ('"file_mb": 100', '"file_mb": float("inf")', "file_mb is inf: it is a positive number of MB, as 100."),
    "half a second": (
        '"cpu_seconds": 900',
        '"cpu_seconds": 0.5',
        "cpu_seconds is 0.5: it is a number that is 1 or more, of seconds, as 900.",
    ),
    "yes": ('"processes": 256', '"processes": True', "processes is True: it is a positive number, as 256."),
    "setting": (
        "CourseExecute.limits",
        "CourseExecute.limit",
        "c.CourseExecute.limit is read by nothing. Do you mean limits?",
    ),
    "section": ("c.LatePolicy.most", "c.LatePolcy.most", "c.LatePolcy is read by nothing. Do you mean LatePolicy?"),
    "nbgrader": (
        "c.CourseDirectory.course_id",
        "c.CourseDirectory.course",
        "is read by nothing. Do you mean course_id?",
    ),
    "percent": (
        "percent_per_day = 0",
        "percent_per_day = 150",
        "percent_per_day is 150: it is a number from 0 to 100.",
    ),
    "text": ("grace_minutes = 0", 'grace_minutes = "5 min"', "grace_minutes is '5 min': it is a number of 0 or more."),
    "zone": (
        'Policy.timezone = "Europe/Madrid"',
        'Policy.timezone = "Madrid"',
        "it is no time zone: write it as 'Europe/M",
    ),
    "plugin": ("c.Course.taught", "c.LateSubmissionPlugin.penalty_method", "c.LatePolicy says what late work costs."),
    "nan": ("percent_per_day = 0", 'percent_per_day = float("nan")', "it is a number from 0 to 100."),
    "no text": ('Policy.timezone = "Europe/Madrid"', "Policy.timezone = None", "timezone is None: it is a text."),
    "number": ('course_id = "redes-neuronales"', "course_id = 5", "course_id"),
    "name": ("c.CourseDirectory.course_id", "cc.CourseDirectory.course_id", "NameError: name 'cc' is not defined."),
    "syntax": ('EDITION = "es"', 'EDITION = "es', "SyntaxError: unterminated string literal"),
    "sandbox": ('"grader.execute.CourseExecute"', '"nbgrader.preprocessors.Execute"', "graded in the sandbox"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path, mistake):
    old, new, said = MISTAKES[mistake]
    text = (ROOT / FILE).read_text("utf-8")
    assert old in text
    wrong = text.replace(old, new)
    (tmp_path / FILE).write_text(wrong, "utf-8")
    with pytest.raises(GradingError) as caught:
        Course(tmp_path)
    sentence = str(caught.value)
    assert said in sentence and "\n" not in sentence
    if mistake not in ("sandbox", "number"):  # what is missing stands on no line; the other, traitlets says
        line = 1 + next(n for n, line in enumerate(wrong.splitlines()) if line not in text.splitlines())
        assert sentence.startswith(f"{FILE}, line {line}:")


@pytest.mark.parametrize("what", [("autograde",), ("report",), ("release",), ("roster", "--to", "x.csv")])
def test_every_command_says_it_and_does_nothing(tmp_path, what):
    text = (ROOT / FILE).read_text("utf-8")
    (tmp_path / FILE).write_text(text.replace('"memory_mb"', '"memory_gb"'), "utf-8")
    done = command("grader", *what, folder=tmp_path, expected=1)
    assert "Do you mean memory_mb?" in done.stdout and "Traceback" not in done.stdout + done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_taught_assignments_alone_are_released_and_in_the_index(tmp_path):
    shutil.copytree(ROOT / "source", tmp_path / "source")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    text = (ROOT / FILE).read_text("utf-8")
    wrong = text.replace("c.Course.taught = []", 'c.Course.taught = ["wine", "nueron"]')
    (tmp_path / FILE).write_text(wrong, "utf-8")
    done = command("grader", "release", folder=tmp_path, expected=1)
    assert "names nueron, which is no folder" in done.stdout and not (tmp_path / "release").exists()
    (tmp_path / FILE).write_text(wrong.replace("nueron", "neuron"), "utf-8")
    command("grader", "release", folder=tmp_path)
    release = tmp_path / "release" / "es"
    assert {path.name for path in release.iterdir()} == {"wine", "neuron", "index.ipynb"}
    index = (release / "index.ipynb").read_text("utf-8")
    assert "wine/wine.ipynb" in index and "epochs" not in index
    assert "| 1 | **[La neurona" in index and "| 2 | **[Ejercicio del vino" in index
