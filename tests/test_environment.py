"""One set of versions in all the files that name versions, and no addresses in the lock."""

import re
import shutil
import subprocess
import tomllib

import yaml

from grader.data import course_root

ROOT = course_root(__file__)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.txt").read_text()


def test_binder_installs_what_the_kit_does():
    assert (ROOT / ".binder" / "requirements.txt").read_text() == (ROOT / "kit" / "requirements.txt").read_text()


def test_every_place_names_the_same_version_and_licences():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"].partition(" AND ")[0] == "BSD-3-Clause"  # the code's
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_files_that_contributing_names_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for name in set(re.findall(r"`([\w./-]+\.(?:py|md|toml|txt))`", text)):
        assert any((ROOT / place / name).exists() for place in (".", "grader", "grader/lms", "source/es")), name
    for name in set(re.findall(r"`(\.?\w+/[\w./-]*)`", text)):
        made = name in ("submitted/", "autograded/", ".grading/nbgrader.log")  # by a course at work
        places = [ROOT / place / f"{name}{end}" for place in (".", "grader") for end in ("", ".py")]
        assert made or any(place.exists() for place in places), name


def test_git_does_not_take_up_what_the_guides_commands_leave(tmp_path):
    """It is of students: their names, their points, their notebooks."""
    names = {
        "archive/2026-27/gradebook.db",
        "dropped/ana.zip",
        ".nbgrader.log",
        "gradebook.db",
        ".grading/nbgrader.log",
    }
    for guide in (ROOT / "docs").glob("*.md"):
        for block in re.findall(r"^```(?:sh)?\n(.*?)^```", guide.read_text("utf-8"), re.DOTALL | re.MULTILINE):
            names |= set(re.findall(r"(?<![\w./-])([\w-]+\.(?:csv|xlsx|html|db))\b", block))
    assert "grades.csv" in names and len(names) > 6
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    told = subprocess.run(["git", "check-ignore", *names], cwd=tmp_path, capture_output=True, text=True).stdout
    assert names - set(told.split("\n")) == set()


def test_lock_pins_every_dependency_with_hashes_and_no_address():
    pinned = set(re.findall(r"^([a-z0-9-]+)==\S+.*\\$", LOCK, re.MULTILINE))
    for dependency in PROJECT["dependencies"]:
        assert re.match(r"[a-z0-9-]+", dependency).group() in pinned
    assert "://" not in LOCK
    for block in re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE):
        assert not block.strip() or "--hash=sha256:" in block, block
