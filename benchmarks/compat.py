"""Do the students' notebooks run at home, in stacks that are older than ours, or others? `make compat`, by hand.

Each environment is made anew by uv, without the grader, in build/compat/. In it every released notebook is executed, in
which nothing but the exercises may stop, and every solved one, in which nothing may. The table of docs/estudiante.md
gets the results, with the versions that were there.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import click
import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from grader.calibration.known import build, reference
from grader.course import Course
from grader.data import course_root
from grader.ground.files import working_files

ROOT = course_root(__file__)
FOLDER = ROOT / "build" / "compat"
GUIDE = ROOT / "docs" / "estudiante.md"
BEGIN, END = "<!-- compat -->", "<!-- /compat -->"
COMMON = ["ipykernel<8", "matplotlib"]
SECONDS = 600  # for one cell
VERSIONS = """
import importlib.metadata, platform, keras
numbers = [importlib.metadata.version(name) for name in {names}]
print("VERSIONS", platform.python_version(), keras.backend.backend(), *numbers)
"""


@dataclass
class Stack:
    """An environment: what is installed, and variables of the kernel's environment."""

    backend: str  # the package of Keras's backend
    packages: list[str]
    variables: dict[str, str] = field(default_factory=dict)


STACKS = {
    "tf-2.17": Stack(
        "tensorflow",
        ["tensorflow==2.17.*", "keras==3.5.*", "numpy==1.26.*", "pandas==2.2.*", "scikit-learn==1.5.*"],
    ),
    "tf-2.19": Stack(
        "tensorflow",
        ["tensorflow==2.19.*", "keras==3.10.*", "numpy==2.1.*", "pandas==2.2.*", "scikit-learn==1.6.*"],
    ),
    "jax": Stack("jax", ["jax[cpu]", "keras>=3.10,<4", "pandas", "scikit-learn"], {"KERAS_BACKEND": "jax"}),
    "kit": Stack("tensorflow", ["-r", str(ROOT / "kit" / "requirements.txt")]),
}


@click.command()
@click.argument("stacks", nargs=-1, type=click.Choice(list(STACKS)))
def main(stacks):
    """Run the notebooks in the STACKS that are named, or in all, and write the table."""
    names = stacks or list(STACKS)
    results = json.loads((FOLDER / "results.json").read_text()) if (FOLDER / "results.json").exists() else {}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        results[name] = run(name, STACKS[name])
        (FOLDER / "results.json").write_text(json.dumps(results, indent=1))
    write_table([results[name] for name in STACKS if name in results])
    sys.exit(any(text != "✅" for name in names for text in results[name]["notebooks"].values()))


def run(name, stack):
    """Return {"versions": [Python, backend, and the numbers of it, Keras and NumPy], "notebooks": {assignment: what
    happened}}."""
    folder = FOLDER / name
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "venv", "--clear", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *COMMON, *stack.packages], check=True)
    spec = folder / "share" / "jupyter" / "kernels" / "compat" / "kernel.json"
    spec.parent.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": name, "language": "python", "env": stack.variables}))
    os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
    course, found, versions = Course(ROOT), {}, []
    for assignment in course.assignments():
        path = course.folder("release", assignment) / f"{assignment}.ipynb"
        release = nbformat.read(path, as_version=4)
        solved = build(reference(assignment), course.source(assignment), release)
        solved.cells.append(new_code_cell(VERSIONS.format(names=[stack.backend, "keras", "numpy"])))
        wrong = stopped(execute(solved, assignment), allowed=()) or stopped(
            execute(release, assignment), allowed=("NotImplementedError", "AssertionError")
        )
        found[assignment] = wrong or "✅"
        said = "".join(output.get("text", "") for output in solved.cells[-1].outputs)
        versions = said.split()[1:] if said.startswith("VERSIONS") else versions
        print(name, assignment, found[assignment], *versions, flush=True)
    return {"versions": versions, "notebooks": found}


def execute(nb, assignment):
    """Execute a notebook beside a copy of its data, in the kernel of JUPYTER_PATH; return it."""
    folder = FOLDER / "work" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in working_files(ROOT / "release" / "es" / assignment).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    here = {"metadata": {"path": str(folder)}}
    return NotebookClient(nb, timeout=SECONDS, kernel_name="compat", allow_errors=True, resources=here).execute()


def stopped(nb, allowed):
    """Return the first error of an executed notebook that is none of `allowed` in a cell that may stop, or ""."""
    for n, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            fine = "raises-exception" in cell.metadata.get("tags", []) and output.get("ename") in allowed
            if output.output_type == "error" and not fine:
                text = re.sub(r"[|\s]+", " ", output.evalue)[:100]
                return f"❌ celda {n}: {output.ename}: {text}"
    return ""


def write_table(results):
    """Put the table of results in its place in the students' guide."""
    assignments = list(results[0]["notebooks"])
    lines = ["| Python | Keras | con | NumPy | " + " | ".join(f"`{name}`" for name in assignments) + " |"]
    lines.append("|:--|:--|:--|:--|" + ":-:|" * len(assignments))
    for result in results:
        python, backend, backend_version, keras, numpy = result["versions"]
        marks = " | ".join(result["notebooks"][name] for name in assignments)
        lines.append(f"| {python} | {keras} | {backend} {backend_version} | {numpy} | {marks} |")
    text = GUIDE.read_text("utf-8")
    before, rest = text.split(BEGIN)
    GUIDE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
