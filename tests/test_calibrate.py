"""Calibration: its statistics, and a small one through the real command, stopped and continued."""

import csv
import re
from collections import Counter

import pytest

from grader.calibration.calibrate import Calibration
from grader.calibration.known import find
from grader.calibration.page import Measure, wilson
from grader.course import Course
from grader.worker import Task

from .course import ASSIGNMENTS, ROOT, SUBMISSIONS, command

RIGHT_RUNS, WRONG_SEEDS = 300, 10  # that are published at least


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 300, 0.0, 0.0126), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)],
)
def test_wilson_agrees_with_the_published_intervals(count, n, low, high):
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-4)


def test_the_margin_is_seen_from_both_sides_of_a_target():
    error, score = Measure(), Measure()
    for value in (1, 2, 3):
        error.add("right", value, 5)
        score.add("right", 1 - value / 100, 0.9)
    for value in (2.5, 8, 20):  # the first fails for another reason
        error.add("wrong", value, 5)
        score.add("wrong", 1 - value / 20, 0.9)
    assert error.margin() == ("≤", 2, 3, 8)
    assert score.margin() == ("≥", 0.98, 0.97, 0.875)


def test_a_calibration_is_resumed_and_summarised(tmp_path):
    asked = ["calibrate", "neuron", "--only", "reference", "--only", "wrong_rule_one_epoch", "--output", tmp_path]
    first = command("grader", *asked, "--seeds", 1, folder=ROOT)
    assert "2 new runs, 0 cells misjudged" in first.stdout
    runs = tmp_path / "runs.csv"
    runs.write_text(runs.read_text("utf-8")[:-40], "utf-8")  # killed while it wrote the last line
    assert "3 new runs, 0 cells misjudged" in command("grader", *asked, "--seeds", 2, folder=ROOT).stdout
    with (tmp_path / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"assignment", "grade_id", "kind", "runs", "misjudged"} <= set(rows[0])
    right, wrong = (sum(int(row["runs"]) for row in rows if row["kind"] == kind) for kind in ("right", "wrong"))
    assert wrong == 4  # the faulty submission loses two cells with each seed
    assert right == 2 * len({row["grade_id"] for row in rows})  # the solution's; the other runs are of those two alone
    plots = {path.name for path in tmp_path.glob("neuron-*.png")}
    page = (tmp_path / "README.md").read_text("utf-8")
    assert plots
    assert all(f"({name})" in page for name in plots)
    assert f"| `neuron` | {right} | 0 | {wrong} | 0 |" in page


@pytest.fixture(scope="module")
def published():
    folder = ROOT / "docs" / "calibration"
    with (folder / "summary.csv").open(newline="", encoding="utf-8") as file:
        return folder, list(csv.DictReader(file))


def test_the_published_calibration_is_of_the_present_notebooks(published):
    calibration = Calibration(Course(ROOT), Task.of, published[0])
    assert calibration.stale() == [], "the notebooks have changed: run `grader calibrate` again"


def test_no_cell_was_misjudged(published):
    assert {row["kind"] for row in published[1]} == {"right", "wrong"}
    for row in published[1]:
        assert row["misjudged"] == "0", row


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_enough_runs(published, assignment):
    with (published[0] / "runs.csv").open(newline="", encoding="utf-8") as file:
        runs = [row for row in csv.DictReader(file) if row["assignment"] == assignment]
    assert sum(row["kind"] == "right" for row in runs) >= RIGHT_RUNS
    seeds = Counter(row["submission"] for row in runs if row["kind"] == "wrong")
    wrong = {submission.name for submission in find(SUBMISSIONS, assignment) if submission.kind == "wrong"}
    assert set(seeds) == wrong and min(seeds.values()) >= WRONG_SEEDS, seeds


def test_the_confusion_matrices_are_in_the_readme(published):
    page, readme = ((folder / "README.md").read_text("utf-8") for folder in (published[0], ROOT))
    rows = [line for line in page.split("\n") if re.fullmatch(r"\| `\w+` (\| \d+ ){4}\|", line)]
    assert len(rows) == len(ASSIGNMENTS)
    for row in rows:
        assert row in readme
