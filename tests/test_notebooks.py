"""The source notebooks keep the rules of docs/notebooks.md."""

import ast
import re

import nbformat
import pytest

from grader.pages.results import _goal

from .course import ASSIGNMENTS, ROOT, notebook

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)


@pytest.fixture(params=ASSIGNMENTS)
def assignment(request):
    return request.param


@pytest.fixture
def cells(assignment):
    return notebook("source", assignment).cells


def graded_cells(cells):
    return [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]


def visible_code(cells):
    return "\n".join(HIDDEN.sub("", cell.source) for cell in cells if cell.cell_type == "code")


def test_the_setup_cell_is_the_one_of_its_file(assignment, cells):
    setups = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "setup"]
    assert setups == [(ROOT / "source" / "es" / "setup.py").read_text("utf-8").rstrip("\n")], (
        f"source/es/setup.py or the cell of {assignment} was changed: write the file into all with `make release`"
    )


def test_is_valid_and_without_outputs(assignment, cells):
    nbformat.validate(notebook("source", assignment))
    for cell in cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None and "attachments" not in cell


def test_begins_and_ends_as_a_lesson(cells):
    assert cells[0].source.startswith("# ")
    for word in ("Objetivos", "Requisitos", "Duración"):
        assert word in cells[0].source
    headings = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.split("\n")]
    assert any(line.startswith("## Resumen") for line in headings)
    assert any(line.startswith("## Para seguir") for line in headings)


def test_points_add_up_to_ten(cells):
    assert sum(cell.metadata.nbgrader.points for cell in graded_cells(cells)) == 10


def test_every_exercise_has_its_check_and_its_test(cells):
    """In order: solutions, then a self-check of them, then what is graded."""
    marks = [cell.metadata.nbgrader for cell in cells if "nbgrader" in cell.metadata]
    assert any(mark.solution for mark in marks)
    unchecked, ungraded = [], []
    for mark in marks:
        assert mark.locked is not mark.solution, mark.grade_id
        if mark.solution:
            unchecked.append(mark.grade_id)
            ungraded.append(mark.grade_id)
        elif mark.grade:
            assert mark.grade_id.endswith("-test") and not unchecked, (mark.grade_id, unchecked)
            ungraded = []
        elif mark.grade_id.endswith("-check"):
            unchecked = []
    assert not ungraded, ungraded


def titles_of_checks(cells):
    return {found[1] for cell in cells if (found := re.match(r'@self_check\("([^"]+)"', cell.source))}


def test_hidden_tests_explain_themselves(cells):
    for cell in graded_cells(cells):
        name = cell.metadata.nbgrader.grade_id
        visible = HIDDEN.sub("", cell.source).strip()
        *comments, required = visible.split("\n")
        assert comments and all(line.startswith("#") for line in comments), name
        titles = re.fullmatch(r"self_check\.require\((.+)\)  # ¿NameError\? Ejecuta antes «Preparación»\.", required)
        assert titles and set(ast.literal_eval(f"[{titles[1]}]")) <= titles_of_checks(cells), name
        [body] = HIDDEN.findall(cell.source)
        assert "from grader import" in body and "student" in body, name
        asserts = [node for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Assert)]
        assert asserts, name
        for node in asserts:
            assert node.msg is not None, f"{name}, line {node.lineno}: an assert without a message"


def test_what_feedback_shows_as_the_goal_is_the_goal_alone(cells):
    graded = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert graded
    for cell in graded:
        assert "Preparación" in cell.source and "Preparación" not in _goal(cell.source), cell.source


def test_hidden_tests_leave_the_students_names_alone(cells):
    """In JupyterLab and under plain nbgrader they run in the notebook, and could overwrite what they test."""

    def names(sources):
        nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
        return {
            node.name if isinstance(node, ast.FunctionDef) else node.id
            for node in nodes
            if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        }

    solutions = names(c.source for c in cells if c.metadata.get("nbgrader", {}).get("solution"))
    asked = "\n".join(cell.source for cell in graded_cells(cells))
    delivered = {name for name in solutions if re.search(rf"\bstudent\.{name}\b", asked)}
    assert delivered and not delivered & names(cell.source for cell in graded_cells(cells))


def test_hidden_tests_do_not_import_the_training_stack(cells):
    for cell in graded_cells(cells):
        assert not re.search(r"^\s*(import|from)\s+(keras|tensorflow)", cell.source, re.MULTILINE)


def test_randomness_comes_from_one_seed(cells):
    code = visible_code(cells)
    assert len(re.findall(r"^SEED = \d+", code, re.MULTILINE)) == 1
    assert not re.findall(r"set_random_seed\((?!SEED)[^)]*\)", code)
    assert not re.findall(r"random_state\s*=\s*\d+", code)


def test_keras_is_used_without_its_backend(cells):
    assert not re.search(r"\btf\.|import tensorflow", visible_code(cells))


def test_every_picture_has_an_alternative_text(cells):
    code = visible_code([cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "setup"])
    assert "plt.show(" not in code and "show(" in code
    assert not re.findall(r"(?<!def )\bshow\(\s*\w+\s*\)", code), "show() without an alternative text"


def test_hints_fold(cells):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert text.count("<details>") == text.count("</details>") >= 4


def test_no_course_internals_are_visible(cells):
    assert "from grader" not in visible_code(cells)
    assert str(ROOT) not in "".join(cell.source for cell in cells)
