"""Grade one class with plain nbgrader and with `grader autograde`, in one run, in turn: `make benchmark`.

The class is the five assignments × 8 different submissions, or as many as its argument says. Prints wall times and
their ratio, CPU seconds per notebook, peak memory, and the distance to the limit: the CPU time of the submitted cells
themselves in a warm kernel, divided by the cores; those that `grader autograde` leaves out are among them. Writes
docs/benchmark/throughput.csv and .png.
"""

import contextlib
import csv
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import nbformat
import psutil

from grader.calibration.known import build, find, reference
from grader.course import Course
from grader.data import course_root
from grader.execute import CourseExecute
from grader.ground.environment import prepare
from grader.ground.files import working_files
from grader.kernel.measuring import memory
from grader.notebooks.skipping import SKIPPED
from grader.office.freshness import facts

ROOT = course_root(__file__)
PLAIN = """
del c.Autograde  # whose preprocessors are then nbgrader's own
c.Execute.timeout = 600
c.Execute.kernel_name = "python3"  # the gradebook names none that exists (grader.office.release)
"""
SEEDS = (1958, 1969, 1986, 1989)


class TimedExecute(CourseExecute):
    """CourseExecute that sums the CPU seconds of the submitted cells themselves: self.cell_seconds of all it executes,
    self.skipped_seconds of those that grading leaves out."""

    def preprocess(self, nb, resources=None, km=None):
        """Execute `nb` (see CourseExecute)."""
        self.cell_seconds = self.skipped_seconds = 0.0
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell, resources, index):
        """Run one cell between two looks at the clock of its kernel's process."""
        before = self._clock()
        result = super().preprocess_cell(cell, resources, index)
        seconds = self._clock() - before
        self.cell_seconds += seconds
        self.skipped_seconds += seconds * (SKIPPED in cell.metadata.get("tags", []))
        return result

    def _clock(self):
        try:
            times = psutil.Process(self.km.provisioner.kernel.pid).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return times.user + times.system


class Cost(NamedTuple):
    """What a command took: wall and CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    memory_mb: float


def hand_in(course, assignments, each):
    """Hand in `each` different submissions of every assignment; return how many in all."""
    for assignment in assignments:
        source = nbformat.read(course.folder("source", assignment) / f"{assignment}.ipynb", 4)
        release = nbformat.read(course.folder("release", assignment) / f"{assignment}.ipynb", 4)
        notebooks = [build(submission, source, release) for submission in find(ROOT / "outcomes" / "es", assignment)]
        notebooks = notebooks[: each - 1] + [build(reference(assignment), source, release, seed) for seed in SEEDS]
        for n, notebook in enumerate(notebooks[:each]):
            path = course.folder("submitted", assignment, f"student{n:02}") / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(notebook, path)
    return each * len(assignments)


def new_course(folder, assignments, config=""):
    """Lay out and release the course in `folder`; config: lines that its nbgrader_config.py gets when that is done."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    for part in ("source", "data"):
        shutil.copytree(ROOT / part, folder / part)
    for assignment in assignments:
        run(["nbgrader", "generate_assignment", assignment], folder)
    course = Course(folder)  # which is none without the sandbox
    with (folder / "nbgrader_config.py").open("a") as file:
        file.write(config)
    return course


def run(arguments, folder):
    """Run a command; return its wall seconds, the CPU seconds of all its processes, and their peak memory in MB.

    All are looked at twice a second, since the sandbox's processes are no children of the command when they end; and
    weighed every 10 s, which holds them up.
    """
    started = time.monotonic()
    process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    root, cpu, peak = psutil.Process(process.pid), {}, 0
    for looks in itertools.count():
        try:
            status = process.wait(0.5)
            break
        except subprocess.TimeoutExpired:
            processes = [root, *root.children(recursive=True)]
            for each in processes:
                with contextlib.suppress(psutil.Error):
                    cpu[each.pid, each.create_time()] = sum(each.cpu_times()[:2])
            if looks % 20 == 19:
                peak = max(peak, sum(map(memory, processes)))
    if status:
        sys.exit(f"{' '.join(arguments)} failed with {status} in {folder}")
    return Cost(time.monotonic() - started, sum(cpu.values()), peak / 2**20)


def grades(course):
    """Return {(assignment, student, grade_id): points} of a graded course."""
    with course.gradebook() as gradebook:
        return {
            (assignment.name, submission.student.id, grade.name): grade.score
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def cell_seconds(course):
    """Return the CPU seconds of the cells of every graded notebook, run once more in a warm kernel, and how many of
    them are of cells that grading leaves out."""
    total = skipped = 0.0
    for path in sorted(course.root.glob("autograded/*/*/*.ipynb")):
        execute = TimedExecute(
            limits=dict(course.config.CourseExecute.limits),
            files=working_files(path.parent),
            skip_cells_with_tag="",  # nothing is left out
        )
        execute.preprocess(nbformat.read(path, 4), {"metadata": {"path": str(path.parent)}})
        total += execute.cell_seconds
        skipped += execute.skipped_seconds
    return total, skipped


def report(folder, count, plain, ours, limit, students):
    """Write the figures and a plot of them to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {"nbgrader autograde": plain, "grader autograde": ours, "all cells": Cost(limit, limit * os.cpu_count(), 0)}
    with (folder / "throughput.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["command", "notebooks", "wall_seconds", "cpu_seconds_per_notebook", "peak_memory_mb"])
        for name, cost in rows.items():
            writer.writerow([name, count, f"{cost.wall:.1f}", f"{cost.cpu / count:.2f}", f"{cost.memory_mb:.0f}"])
    figure, axes = plt.subplots(figsize=(7, 2.4), layout="constrained")
    bars = axes.barh(list(rows), [cost.wall / count for cost in rows.values()], color=["#D55E00", "#0072B2", "#009E73"])
    axes.bar_label(bars, fmt="%.1f s", padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(
        xlabel=f"seconds per notebook, {students} students x {count // students} assignments, {os.cpu_count()} cores"
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(folder / "throughput.png", dpi=100)


def main(students=8):
    """Run the benchmark and print its figures."""
    prepare()
    assignments = Course(ROOT).assignments()
    with tempfile.TemporaryDirectory() as folder:
        plain_course = new_course(Path(folder, "plain"), assignments, PLAIN)
        course = new_course(Path(folder, "grader"), assignments)
        for each in (plain_course, course):
            count = hand_in(each, assignments, students)
        ours = run(["grader", "autograde"], course.root)
        print(f"grader autograde: {ours}", flush=True)
        costs = [run(["nbgrader", "autograde", assignment], plain_course.root) for assignment in assignments]
        plain = Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.memory_mb for c in costs))
        print(f"nbgrader autograde: {plain}", flush=True)
        theirs, mine = grades(plain_course), grades(course)
        different = {key: (theirs.get(key), value) for key, value in mine.items() if theirs.get(key) != value}
        known = [facts(course, *pair) for pair in course.submitted()]
        again = [one["cpu_seconds"] for one in known if one["executions"] > 1]
        all_cells, skipped = cell_seconds(course)
    limit, executed = all_cells / os.cpu_count(), (all_cells - skipped) / os.cpu_count()
    report(ROOT / "docs" / "benchmark", count, plain, ours, limit, students)
    print(f"{count} notebooks, {os.cpu_count()} cores, {platform.machine()}")
    for name, cost in (("nbgrader autograde", plain), ("grader autograde", ours)):
        each = f"{cost.wall / count:.1f} s and {cost.cpu / count:.1f} CPU s per notebook"
        print(f"{name}: {cost.wall:.0f} s, {each}, peak memory {cost.memory_mb:.0f} MB")
    total = sum(one["cpu_seconds"] for one in known)
    print(f"executed twice: {len(again)} of {count}, with {sum(again):.0f} of {total:.0f} CPU s of all kernels")
    print(f"limit: {limit:.0f} s, {limit / count:.1f} s per notebook; those executed in grading {executed:.0f} s")
    print(f"grades: {len(mine)} cells, {len(different)} different {different or ''}")
    print(f"throughput_ratio={plain.wall / ours.wall:.2f} limit_ratio={ours.wall / limit:.2f}")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
