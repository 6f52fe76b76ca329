"""A target is one constant of the source; texts and hidden tests take it from there."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.ground.targets import TargetError, filled

from .course import ASSIGNMENTS, LIGHT, ROOT, cell, command, notebook

TEST = """# Objetivo: MSE de {TARGET_MSE} o menos.
### BEGIN HIDDEN TESTS
error = 5000
assert error <= 1.25 * TARGET_MSE, f"Tu MSE es {error}; el objetivo es {TARGET_MSE}, o el {TARGET_SHARE:.0%}."
### END HIDDEN TESTS"""


def source(constants="TARGET_MSE = 4_000  # de la tabla\nTARGET_SHARE = 0.8", test=TEST):
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nb.cells = [
        new_markdown_cell("# Título\n\nUn MSE de {TARGET_MSE}: $\\frac{1}{2}$, y el {TARGET_SHARE:.0%}."),
        cell(new_code_cell, constants, "targets", locked=True),
        cell(new_code_cell, "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "x", solution=True),
        cell(new_code_cell, "print(TARGET_MSE)", "x-check", locked=True),
        cell(new_code_cell, test, "x-test", grade=True, locked=True, points=1),
    ]
    return nb


def test_a_number_stands_in_one_place():
    given = source()
    nb = filled(given)
    assert nb.cells[0].source == "# Título\n\nUn MSE de 4 000: $\\frac{1}{2}$, y el 80%."
    assert nb.cells[1] == given.cells[2] and nb.cells[2].source == "print(4000)"
    assert "MSE de 4 000 o menos" in nb.cells[3].source and "1.25 * 4000," in nb.cells[3].source
    assert "el objetivo es 4000, o el 80%." in nb.cells[3].source and "{error}" in nb.cells[3].source
    with pytest.raises(AssertionError, match="Tu MSE es 5001; el objetivo es 4000"):
        exec(nb.cells[3].source.replace("= 5000", "= 5001"))
    exec(nb.cells[3].source)


@pytest.mark.parametrize(
    ("constants", "said"),
    [
        ("TARGET_MSE = 4_000", "TARGET_SHARE is not in the cell targets, where it has to stand. There is: TARGET_MSE."),
        ("TARGET_MSE = 2 * 2_000", "line 1: each of its lines gives one number a name"),
        ("x = 3", "line 1: each of its lines gives one number a name"),
    ],
)
def test_what_cannot_be_filled_in_is_not_released(tmp_path, constants, said):
    with pytest.raises(TargetError, match=said):
        filled(source(constants))
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text("utf-8") + LIGHT, "utf-8")
    folder = tmp_path / "source" / "es" / "titulo"
    folder.mkdir(parents=True)
    nbformat.write(source(constants), folder / "titulo.ipynb")
    done = command("grader", "release", folder=tmp_path, expected=1)
    assert "titulo was not released, and nothing is changed:" in done.stdout and said in " ".join(done.stdout.split())
    assert not (tmp_path / "release" / "es" / "titulo").exists()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nothing_is_left_to_fill_in(assignment):
    for one in notebook("release", assignment).cells:
        assert "TARGET_" not in one.source and one.metadata.get("nbgrader", {}).get("grade_id") != "targets"
