"""One set of versions in all the files that name versions, and no addresses in the lock."""

import re
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
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_files_that_contributing_names_are_there():
    named = re.findall(r"`([\w./-]+\.(?:py|md|toml|txt))`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    for name in {name for name in named if "*" not in name}:
        assert any((ROOT / place / name).exists() for place in (".", "grader", "grader/lms", "source/es")), name


def test_lock_pins_every_dependency_with_hashes_and_no_address():
    pinned = set(re.findall(r"^([a-z0-9-]+)==\S+.*\\$", LOCK, re.MULTILINE))
    for dependency in PROJECT["dependencies"]:
        assert re.match(r"[a-z0-9-]+", dependency).group() in pinned
    assert "://" not in LOCK
    for block in re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE):
        assert not block.strip() or "--hash=sha256:" in block, block
