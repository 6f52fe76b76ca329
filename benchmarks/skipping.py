"""Grade every known-outcome submission with cells left out and without, and hold the grades against each other.

Wrong submissions are handed in with their own exercises alone, as many in a notebook as have none in common; all others
whole. Prints the cells that differ and what the grading took; writes docs/benchmark/skipping.csv.
"""

import csv
import sys
import tempfile
from pathlib import Path

import nbformat

from grader.calibration.known import alone, build, find, reference, together
from grader.course import Course
from grader.data import course_root
from grader.ground.environment import prepare
from grader.office.freshness import facts

from .throughput import grades, new_course, run

ROOT = course_root(__file__)
NOTHING_LEFT_OUT = '\nc.Autograde.sanitize_preprocessors.remove("grader.notebooks.skipping.SkipCells")\n'
SEED = 1958


def hand_in(course, assignments):
    """Hand in the known-outcome submissions and the solutions; return how many notebooks that makes."""
    count = 0
    for assignment in assignments:
        source = course.source(assignment)
        release = nbformat.read(course.folder("release", assignment) / f"{assignment}.ipynb", 4)
        known = find(ROOT / "outcomes" / "es", assignment)
        wrong = together([submission for submission in known if submission.kind == "wrong"], source)
        others = [submission for submission in known if submission.kind != "wrong"]
        for number, submission in enumerate([reference(assignment), *others, *wrong]):
            notebook = build(submission, source, release, SEED)
            if submission in wrong:
                notebook = alone(notebook, submission, source, release)
            path = course.folder("submitted", assignment, f"{submission.kind}{number:02}") / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(notebook, path)
            count += 1
    return count


def main():
    """Grade both ways; return whether a grade differs."""
    prepare()
    assignments = Course(ROOT).assignments()
    rows, found = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, config in (("cells left out", ""), ("all executed", NOTHING_LEFT_OUT)):
            course = new_course(Path(folder, name), assignments, config)
            count = hand_in(course, assignments)
            cost = run(["grader", "autograde"], course.root)
            found.append(grades(course))
            again = sum(facts(course, *pair).get("executions", 0) > 1 for pair in course.submitted())
            rows.append([name, count, again, f"{cost.wall:.0f}", f"{cost.cpu / count:.1f}", len(found[-1])])
            print(rows[-1], flush=True)
    skipping, whole = found
    different = {key: (value, whole.get(key)) for key, value in skipping.items() if whole.get(key) != value}
    print(f"{len(different)} of {len(skipping)} graded cells differ {different or ''}")
    with (ROOT / "docs" / "benchmark" / "skipping.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = ["notebooks", "executed_twice", "wall_seconds", "cpu_seconds_per_notebook", "graded_cells"]
        writer.writerow(["grading", *columns, "different"])
        writer.writerows([*row, len(different)] for row in rows)
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
