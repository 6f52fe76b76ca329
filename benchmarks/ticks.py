"""Which known wrong answers do the self-checks let pass? `python -m benchmarks.ticks`, a quarter of an hour.

A self-check sees less than the correction, and its tick says what it has seen. Each wrong submission is executed whole;
where it loses a test whose self-check ticks, docs/self-checks.md names it, beside that sentence.
"""

import re
from collections import defaultdict
from concurrent.futures import as_completed

from nbformat import reads, writes

from grader.calibration.known import alone, build, find, grade_id_of, together
from grader.course import Course
from grader.crew import Crew
from grader.data import course_root
from grader.ground.files import working_files
from grader.worker import Task

ROOT = course_root(__file__)
PAGE = ROOT / "docs" / "self-checks.md"
SEED = 1958
HEAD = """# What the self-checks let pass

A self-check is quick, local and without secrets; the correction has other data, other forms, and random weights. Of
{all} graded cells that the known wrong submissions lose, the check beside them ticks {ticked}: these (`python -m
benchmarks.ticks`). What it says then, in the second column, promises no more than it has seen.
"""
CHECK = re.compile(r'@self_check\(\s*"([^"]*)",\s*"([^"]+)"\)')


def checks_of(source):
    """Return {grade_id of a graded cell: (grade_id of its self-check, title, what its tick says)} of a notebook."""
    told = {grade_id_of(cell): CHECK.match(cell.source) for cell in source.cells if CHECK.match(cell.source)}
    by_title = {found[1]: (grade_id, found[1], found[2]) for grade_id, found in told.items()}
    asked = {}
    for cell in source.cells:
        if required := re.search(r"^self_check\.require\((.+)\)", cell.source, re.MULTILINE):
            titles = re.findall(r'"([^"]+)"', required[1])
            asked[grade_id_of(cell)] = next((by_title[title] for title in titles if title in by_title), None)
    if not any(asked.values()):
        raise LookupError('no graded cell names its self-check, as `self_check.require("title")`')
    return asked


def main():
    """Execute all and write the page."""
    course = Course(ROOT)
    rows, lost = defaultdict(list), 0
    with Crew(2) as executor:
        running = {}
        for assignment in course.assignments():
            source = course.source(assignment)
            release = reads((course.folder("release", assignment) / f"{assignment}.ipynb").read_text("utf-8"), 4)
            known = [one for one in find(course.outcomes, assignment) if one.kind == "wrong"]
            files = working_files(course.folder("source", assignment))
            for joint in together(known, source):
                notebook = alone(build(joint, source, release, SEED), joint, source, release)
                task = Task.of(course, writes(notebook), files)
                running[executor.submit(task)] = (source, [one for one in known if one.name in joint.name.split("+")])
        for future in as_completed(running):
            source, submissions = running[future]
            said = {grade_id_of(cell): _text(cell) for cell in reads(future.result().notebook, 4).cells}
            checks = checks_of(source)
            for one in submissions:
                for test in one.points:
                    lost += 1
                    check = checks.get(test)
                    if check and "✅" in said[check[0]]:
                        rows[one.assignment, *check[1:]].append((one.name, one.why))
    PAGE.write_text(_page(rows, lost), "utf-8")
    print(PAGE, {key[1]: len(names) for key, names in rows.items()})


def _text(cell):
    return "".join(str(output.get("text") or output.get("evalue") or "") for output in cell.get("outputs", []))


def _page(rows, lost):
    lines = [
        HEAD.format(all=lost, ticked=sum(map(len, rows.values()))),
        "| check | ✅ says | lets pass |",
        "|:--|:--|:--|",
    ]
    for (assignment, title, done), found in sorted(rows.items()):
        names = "; ".join(f"`{name}`: {why}" for name, why in sorted(found))
        lines.append(f"| `{assignment}`: {title} | {done} | {names} |".replace("\n", " "))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
