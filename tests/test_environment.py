"""One set of versions in all the files that name versions, and no addresses in the lock."""

import re
import tomllib

import yaml

from grader.data import course_root

ROOT = course_root(__file__)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.txt").read_text()


def test_environment_yml_names_the_versions_of_pyproject():
    *_, last = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert sorted(last["pip"]) == sorted(PROJECT["dependencies"])


def test_lock_pins_every_dependency_with_hashes_and_no_address():
    pinned = set(re.findall(r"^([a-z0-9-]+)==\S+.*\\$", LOCK, re.MULTILINE))
    for dependency in PROJECT["dependencies"]:
        assert re.match(r"[a-z0-9-]+", dependency).group() in pinned
    assert "://" not in LOCK
    for block in re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE):
        assert not block.strip() or "--hash=sha256:" in block, block
