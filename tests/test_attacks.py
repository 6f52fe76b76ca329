"""Students who read, write, forge and escape, all in one class: no gain, no leak, nothing else disturbed.

Each hands in `neuron` solved, but for what the attack is about; those that forge have a wrong `heaviside` (or other
exercises, as their files state), which must earn nothing, while the rest of their work earns its points.
"""

import html
import re

import nbformat
import psutil
import pytest

from .course import ATTACKS, ROOT, attacks, grade, hand_in, handed, new_course, notebook, position, solved

ASSIGNMENT = "neuron"
SECRET = "secreto-de-la-maquina"
DIARY = "secreto-de-ana"
LOOKS, FORGE, RIGHT = (attacks(group, ASSIGNMENT) for group in ("looks", "forge", "right"))
WRONG = attacks("tampered", ASSIGNMENT)["wrong"]


def change(nb, cell, **marks):
    nb.cells[position(nb, cell)].metadata["nbgrader"].update(marks)
    return nb


def tampered_tests(nb):
    nb.cells[position(nb, "heaviside-test")].source = "1.0"
    return nb


def saved_outputs(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1.0"}, execution_count=1)]
    return nb


def tags(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution", "raises-exception", "remove_cell", "nbgrader-ignore"]
            cell.metadata["jupyter"] = {"outputs_hidden": True}
    return nb


def shadowed_tests(nb):
    """The student's own cells say that they are the tests."""
    nb.cells[position(nb, "heaviside-test")].metadata["nbgrader"]["grade_id"] = "otra"
    fake = nbformat.v4.new_code_cell("1.0")
    fake.metadata["nbgrader"] = dict(nb.cells[position(nb, "heaviside")].metadata.nbgrader)
    fake.metadata["nbgrader"] |= {"grade": True, "points": 1, "grade_id": "heaviside-test"}
    nb.cells.append(fake)
    return nb


TAMPERED = {
    "saved outputs": saved_outputs,
    "tampered tests": tampered_tests,
    "points": lambda nb: change(nb, "heaviside-test", points=0),
    "more points": lambda nb: change(nb, "perceptron-test", points=100),
    "no grade": lambda nb: change(nb, "heaviside-test", grade=False, solution=True, locked=False),
    "grade by hand": lambda nb: change(nb, "heaviside-test", solution=True),
    "swapped": lambda nb: change(nb, "heaviside-test", grade_id="perceptron-test"),
    "shadowed": shadowed_tests,
    "tags": tags,
}
SHADOWS = {  # files handed in beside the notebook
    **dict.fromkeys(("numpy.py", "keras.py", "sitecustomize.py", "usercustomize.py", "grader.py"), "raise SystemExit"),
    **dict.fromkeys(
        ("grader/__init__.py", "grader/questions/student.py", "tensorflow/__init__.py"), "raise SystemExit"
    ),
    ".ipython/profile_default/startup/00.py": "print('arrancado')",
    ".jupyter/jupyter_config.py": "raise SystemExit",
    "ipython_config.py": "c.InteractiveShellApp.exec_lines = ['print(\"arrancado\")']",
    "nbgrader_config.py": "raise SystemExit",
    "ipython_kernel_config.py": "raise SystemExit",
    "matplotlibrc": "backend: no-such-backend",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("attacks"), [ASSIGNMENT])
    honest, shadows = (hand_in(course, name, ASSIGNMENT, solved(ASSIGNMENT)).parent for name in ("honest", "shadows"))
    (honest / "diary.txt").write_text(DIARY, "utf-8")
    for name, text in SHADOWS.items():
        path = shadows / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name, attack in LOOKS.items():
        hand_in(course, name, ASSIGNMENT, handed(attack, ROOT=course.root, REPOSITORY=ROOT))
    for name, attack in {**FORGE, **RIGHT}.items():
        hand_in(course, name, ASSIGNMENT, handed(attack))
    for name, tamper in TAMPERED.items():
        hand_in(course, name, ASSIGNMENT, tamper(handed(WRONG)))
    stated = {**LOOKS, **FORGE, **RIGHT, **dict.fromkeys(TAMPERED, WRONG)}
    students = {(ASSIGNMENT, name): attack for name, attack in stated.items()}
    return grade(course, students=students, feedback=ASSIGNMENT, MACHINE_SECRET=SECRET)


@pytest.mark.parametrize("name", [*FORGE, *TAMPERED])
def test_forging_earns_nothing(graded, name):
    graded.check(ASSIGNMENT, name)


@pytest.mark.parametrize("name", [*FORGE, *TAMPERED])
def test_a_forged_answer_is_not_taken_for_a_broken_test(graded, name):
    kinds = {kind for kind, _ in graded.verdicts(ASSIGNMENT, name).values()}
    assert kinds and kinds <= {"Respuesta", "Comprobación"}, graded.verdicts(ASSIGNMENT, name)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_in_another_way_costs_nothing(graded, name):
    graded.check(ASSIGNMENT, name)


@pytest.mark.parametrize("student", ["honest", *LOOKS, "shadows"])
def test_all_else_is_graded_as_always(graded, student):
    graded.check(ASSIGNMENT, student)


def test_nothing_is_there_to_read(graded):
    came = graded.found(ASSIGNMENT, "reader")
    for name in ("source", "gradebook", "other", "autograded", "staging", "hidden", "repository"):
        assert came[name] == "FileNotFoundError", (name, came[name])
    assert came["files"] == [] and came["connections"] == [] and came["tmp"] == []
    assert came["history"] == [] and came["stack"] == []
    assert max(came["processes"]) < 30
    assert came["parents_memory"] == came["parents_files"] == "PermissionError"
    assert all(name.startswith("k-") for name in came["sockets"])
    assert not {"MACHINE_SECRET", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & set(came["environ"])
    assert not any(name.startswith(("NBGRADER", "PYTEST", "GRADER")) for name in came["environ"])


def test_no_hidden_test_ever_is_in_the_memory_of_the_kernel(graded):
    came = graded.found(ASSIGNMENT, "reader")
    assert came["control"] > 0  # the search works: it finds what is there
    assert (came["tests"], came["lines"], came["calls"]) == (0, 0, 0)


def test_a_function_sees_nothing_of_who_asks(graded):
    seen = graded.found(ASSIGNMENT, "frames")["seen"]
    files = {filename.rsplit("/", 1)[-1] for filename, *_ in seen}
    assert "student.py" in files  # who puts the question; and behind it is the kernel, not a test
    assert not files & {"verdict.py", "execute.py", "worker.py", "autograde.py", "<hidden tests>"}


def test_nothing_is_there_to_write(graded):
    came = graded.found(ASSIGNMENT, "writer")
    came.pop("autograded")  # below its own /tmp it may make folders, if that is where the course lies
    assert all(isinstance(value, str) and value.endswith("Error") for value in came.values()), came
    assert not (graded.course.folder("autograded", ASSIGNMENT, "writer2")).exists()
    assert not any("dejado" in path.name or path.is_symlink() for path in graded.course.root.rglob("*"))


def test_there_is_no_way_out(graded):
    came = graded.found(ASSIGNMENT, "escaper")
    assert came["dns"] == "gaierror" and came["http"] == "URLError" and came["interfaces"] == []
    for name in ("tcp", "local", "setuid", "chroot", "sysctl", "device"):
        assert str(came[name]).endswith("Error"), (name, came[name])
    assert came["ptrace"] == came["user_namespace"] == came["mount"] == -1
    assert came["su"] != 0
    assert str(came["setuid_file"]).endswith("Error") or came["setuid_file"][-1] != 0


def test_files_of_a_submission_shadow_nothing(graded):
    assert "arrancado" not in graded.said(ASSIGNMENT, "shadows")


def hidden_lines():
    source = notebook("source", ASSIGNMENT)
    shown = "\n".join(cell.source for cell in notebook("release", ASSIGNMENT).cells)
    tests = re.findall(r"BEGIN HIDDEN TESTS\n(.*?)### END", "\n".join(c.source for c in source.cells), re.DOTALL)
    lines = {line.strip() for test in tests for line in test.split("\n")}
    return {line for line in lines if len(line) > 15 and line not in shown}


@pytest.mark.parametrize("student", ["honest", "shadows", *LOOKS, *FORGE, *TAMPERED, *RIGHT])
def test_no_secret_and_no_test_in_outputs_and_feedback(graded, student):
    page = html.unescape(re.sub(r"<[^>]*>", "", graded.feedback(ASSIGNMENT, student)))
    assert "heaviside" in page  # the text of the notebook is there
    for text in (graded.said(ASSIGNMENT, student), page):
        leaks = [line for line in hidden_lines() if line in text]
        assert not leaks and SECRET not in text and DIARY not in text


def test_the_patterns_of_leaks_are_real():
    assert len(hidden_lines()) > 50 and any("student.heaviside(n)" in line for line in hidden_lines())


def test_nothing_runs_on_and_nothing_lies_about(graded):
    ours = str(graded.course.root)
    assert not [p for p in psutil.process_iter(["cmdline"]) if any(ours in text for text in p.info["cmdline"] or [])]
    assert not list((graded.course.root / ".grading").glob("*/*/*"))
    assert {path.name for path in graded.course.root.iterdir()} <= {
        *("nbgrader_config.py", "source", "release", "data", "submitted", "autograded", "feedback", "gradebook.db"),
        *(".grading", ".nbgrader.log"),
    }
    submitted = graded.course.folder("submitted", ASSIGNMENT, "writer")
    assert [path.name for path in submitted.iterdir()] == [f"{ASSIGNMENT}.ipynb"]


def test_every_attack_has_a_module_that_hands_it_in():
    """A folder of another name would lie there, and nobody would run what is in it."""
    given = {"neuron": "alone forge goes_on looks reports right robust stops tampered", "wine": "forge"}
    asked = {f"{group}/{assignment}" for assignment, groups in given.items() for group in groups.split()}
    assert {path.parent.relative_to(ATTACKS).as_posix() for path in ATTACKS.glob("*/*/*.py")} == asked
