"""What a self-check says when something is amiss, in a kernel as a student's, without the grader."""

import re

import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from .conftest import ASSIGNMENTS, notebook

CELLS = {  # what a student runs before the check of exercise 1, or of exercise 3; what the check says
    "stub": ("weighted_sum", None, "✏️ Ejercicio 1 · weighted_sum: sin hacer todavía"),
    "right": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    return x @ w + b",
        "✅ Ejercicio 1 · weighted_sum: sale",
    ),
    "syntax": (
        "weighted_sum",
        "def weighted_sum(x, w, b)\n    return x",
        "no ha llegado a empezar: expected ':' (línea 1)",
    ),
    "mended": ("weighted_sum", "def weighted_sum(x, w, b):\n    return w @ x + b", "✅ Ejercicio 1"),
    "unread": ("weighted_sum", None, "sin hacer todavía"),
    "renamed": (
        "weighted_sum",
        "def weigthed_sum(x, w, b):\n    return x @ w + b",
        "¿Tu respuesta es «weigthed_sum»?",
    ),
    "raise-left": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    result = x @ w + b\n    raise NotImplementedError('Ejercicio 1')",
        "hay código tuyo, pero se llega a la línea 3, «raise NotImplementedError('Ejercicio 1')»: bórrala",
    ),
    "misspelt": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    suma = x @ w\n    return sumas + b",
        "no existe el nombre «sumas». Ha sido en weighted_sum, línea 3 de su celda: «return sumas + b»",
    ),
    "stops": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    return sum(x @ w) + b",
        "weighted_sum, línea 2 de su celda: «return sum(x @ w) + b»",
    ),
    "again": ("weighted_sum", None, "sin hacer todavía"),
    "Spanish": (
        "weighted_sum",
        'def suma_ponderada(x, w, b):\n    """Devuelve la suma ponderada w·x + b, un número."""\n    return x @ w + b',
        "¿Tu respuesta es «suma_ponderada»?",
    ),
    "of another exercise": ("weighted_sum", "def heaviside(n):\n    return n > 0", "sin hacer todavía"),
    "asserts": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    assert b > 9\n    return b",
        "línea 2 de su celda: «assert b",
    ),
    "covered": (
        "weighted_sum",
        "list = 3\ndef weighted_sum(x, w, b):\n    return list(x) @ w",
        "has dado otro valor a «list», de Python",
    ),
    "unbound": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    b += c\n    c = 1\n    return b",
        "antes de darle valor",
    ),
    "deleted": ("weighted_sum", "del weighted_sum", "no existe el nombre «weighted_sum». ¿Has ejecutado las celdas"),
    "kept": ("perceptron", "x, w, result, first = 1, 2, 3, 4", ""),
}
COURSE = "# Los dibujos de este cuaderno\n"
MISSING = {  # code that looks for a file; what is said
    "open('/content/drive/MyDrive/wine_shuffled.data')": "Pon en ella «wine_shuffled.data», al lado del cuaderno",
    r"np.loadtxt(open(r'C:\Users\Eva\wine.data'))": "Pon en ella «wine.data»",
    "open('here.data', 'w').close(); open('Here (1).data')": "uno con un nombre parecido, «here.data». ¿Es ese?",
    "open('/nowhere/here.data')": "y ahí está: escribe solo su nombre",
    "open('.')": "«.» es una carpeta: escribe también el nombre del archivo",
    "draw_nothing()": "Falta «draw_nothing»: alguna celda de más arriba no se ha ejecutado",
    f"{COURSE}def draw_it():\n    plt.subplots()\n    plenty\ndraw_it()": "Falta «plenty»: alguna celda de más arriba",
    "import subprocess; subprocess.run(['no-such-program'])": "No such file or directory: 'no-such-program'",
}
FIGURE = """
fig, ax = plt.subplots()
show(fig, 'una recta de "a" a <b>')
"""
TRAINING = """
network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
network.compile(loss="mse")
for n in range(9):
    keras.models.clone_model(network).predict(np.ones((n + 1, 1)), verbose=0)
network.fit(np.ones((4, 1)), np.ones(4), epochs=3, verbose=0)
"""


def said(cell):
    """Return all that a cell has shown, colours aside."""
    texts = [
        o.get("text") or "\n".join(o.get("traceback", ())) or o.get("data", {}).get("text/plain") for o in cell.outputs
    ]
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(map(str, texts)))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    released = notebook("release", "neuron").cells
    by_id = {cell.metadata.nbgrader.grade_id: cell for cell in released if "nbgrader" in cell.metadata}
    cells, checks = [new_code_cell(by_id["weighted-sum-check"].source), new_code_cell(by_id["setup"].source)], {}
    for name, (exercise, code, _) in CELLS.items():
        grade_id = exercise.replace("_", "-")
        cells.append(new_code_cell(by_id[grade_id].source if code is None else code))
        checks[name] = new_code_cell(by_id[f"{grade_id}-check"].source)
        cells.append(checks[name])
    cells.append(new_code_cell("print(x, w, result, first)"))
    cells += [new_code_cell(code) for code in MISSING]
    cells.append(new_code_cell(FIGURE))
    cells.append(new_code_cell(TRAINING))
    nb = new_notebook(cells=cells)
    here = {"metadata": {"path": str(tmp_path_factory.mktemp("here"))}}
    NotebookClient(nb, timeout=300, allow_errors=True, resources=here).execute()
    return nb.cells, checks


@pytest.mark.parametrize("name", CELLS)
def test_a_check_says_what_is_amiss_and_where(executed, name):
    text = said(executed[1][name])
    assert CELLS[name][2] in text, text
    assert "Traceback" not in text and len(text.strip().split("\n")) == 1


def test_before_the_setup_a_sentence_says_to_run_it(executed):
    assert "NameError" in said(executed[0][0]) and "Ejecuta antes la celda «Preparación»" in said(executed[0][0])


def test_the_setup_shows_that_it_runs(executed):
    assert said(executed[0][1]).split() == ["Preparando…", "listo."]


def test_a_check_leaves_the_students_names_alone(executed):
    assert said(executed[0][-3 - len(MISSING)]).strip() == "1 2 3 4"


@pytest.mark.parametrize("n", range(len(MISSING)))
def test_a_file_that_is_not_there_is_told_in_a_sentence(executed, n):
    cell = executed[0][n - 2 - len(MISSING)]
    assert cell.outputs[-1].ename in ("FileNotFoundError", "IsADirectoryError", "NameError")
    assert list(MISSING.values())[n] in said(cell), said(cell)
    assert ("\n" in said(cell).strip()) == ("subprocess" in cell.source)


def test_figures_carry_their_alternative_text(executed):
    [output] = executed[0][-2].outputs
    assert output.data["text/plain"] == 'una recta de "a" a <b>' and "image/png" not in output.data
    [picture] = BeautifulSoup(output.data["text/html"], "html.parser")
    assert picture.name == "img" and picture["alt"] == 'una recta de "a" a <b>'
    assert picture["src"].startswith("data:image/png;base64,iVBOR")


def test_training_is_quiet(executed):
    assert said(executed[0][-1]).strip() == "(entrenada: 3 épocas)"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_tick_says_what_was_checked(assignment):
    for cell in notebook("source", assignment).cells:
        if cell.source.count("@self_check(") and 'done=""' not in cell.source:  # those draw, and tick nothing
            [(title, done)] = re.findall(r'@self_check\(\s*"(.+?)",\s*"(.+?)"\)\n#.*\ndef _check\(\):\n', cell.source)
            assert title and len(done) > 20 and "todo correcto" not in done, cell.source[:200]
