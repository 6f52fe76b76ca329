"""What a self-check says when something is amiss, in a kernel as a student's, without the grader."""

import json
import math
import re

import pytest
from bs4 import BeautifulSoup
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.questions.names import names

from .course import ASSIGNMENTS, ROOT, notebook

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
        "no ha llegado a empezar: faltan los dos puntos al final de la línea (línea 1)",
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
    "stops at once": (
        "weighted_sum",
        "import tensorfow\ndef weighted_sum(x, w, b):\n    return 0",
        "la celda que da «weighted_sum» se ha detenido en su línea 1, «import tensorfow», con ModuleNotFoundError",
    ),
    "text": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    return '6.5'",
        "Mira de qué tipo es, y si es lo que pide",
    ),
    "exit": ("weighted_sum", "def weighted_sum(x, w, b):\n    exit()", "línea 2 de su celda: «exit()»"),
    "syntax while it runs": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n    return eval('1 +')",
        "línea 2 de su celda: «return eval('1 +')», con SyntaxError",
    ),
    "endless": (
        "weighted_sum",
        "import os, signal\n"
        "def weighted_sum(x, w, b):\n    os.kill(os.getpid(), signal.SIGINT)\n    while True:\n        pass",
        "la has interrumpido en weighted_sum",
    ),
    "an object's": (
        "weighted_sum",
        "class Sum:\n    def __call__(self, x, w, b):\n        return x[7]\nweighted_sum = Sum()",
        "__call__, línea 3 de su celda: «return x[7]», con IndexError",
    ),
    "of a file": (
        "weighted_sum",
        "open('mine.py', 'w').write('def weighted_sum(x, w, b):\\n    return x[9]\\n')\nfrom mine import weighted_sum",
        "línea 2 de mine.py: «return x[9]»",
    ),
    "Keras": (
        "weighted_sum",
        "def weighted_sum(x, w, b):\n"
        "    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])(np.ones((1, 5)))",
        "con ValueError: Input 0",
    ),
    "no np": (
        "weighted_sum",
        "np = 3\ndef weighted_sum(x, w, b):\n    return np.dot(x, w) + b",
        "has dado otro valor a «np», del curso; cambia ese nombre en tu celda y ejecuta otra vez «Preparación»",
    ),
    "names for other things": (
        "weighted_sum",
        "np = warnings = time = builtins = SelfCheck = 3\ndef weighted_sum(x, w, b):\n    return x @ w + b",
        "✅ Ejercicio 1",
    ),
    "not done": ("weighted_sum", None, "sin hacer todavía"),
    "done, but what it calls is not": (
        "perceptron",
        "def perceptron(x, w, b):\n    return int(weighted_sum(x, w, b) > 0)",
        "perceptron llama a weighted_sum (ejercicio 1), que está sin hacer",
    ),
    "deleted": ("weighted_sum", "del weighted_sum", "no existe el nombre «weighted_sum». ¿Has ejecutado las celdas"),
    "two weights": (
        "gates",
        "raise NotImplementedError('Escribe')",
        "✏️ Ejercicio 4 · AND y OR: sin hacer todavía. Falta and",
    ),
    "under the raise": (
        "gates",
        "raise NotImplementedError('Escribe')\nand_neuron = ([1, 1], -1.5)\nor_neuron = ([1, 1], -0.5)",
        "la celda que da «and_neuron» se ha detenido en su línea 1, «raise NotImplementedError('Escribe')»: bórrala",
    ),
    "above the raise": (
        "gates",
        "and_neuron = ([1, 1], -1.5)\nor_neuron = ([1, 1], -0.5)\nraise NotImplementedError('Escribe')",
        "se ha detenido en su línea 3, «raise",
    ),
    "unpacks": (
        "layer",
        "import numpy as np\ndef layer(X, W, theta, f):\n    a, b = 1, 2, 3\n    return f(X @ W + theta)",
        "tu código se detiene en layer, línea 3 de su celda: «a, b = 1, 2, 3», con ValueError: too many values",
    ),
    "shapes": ("layer", "def layer(X, W, theta, f):\n    return f(W @ X)", "las formas no encajan: aquí X es (2, 2)"),
    "no range": (
        "fit_perceptron",
        "range = 7\ndef fit_perceptron(X, t, max_epochs=9):\n    for _ in range(9):\n        pass",
        "has dado otro valor a «range», de Python",
    ),
    "whole weights": (
        "fit_perceptron",
        "del range\ndef fit_perceptron(X, t, max_epochs=9):\n    w = np.zeros(2, int)\n    w += X[1]\n    return w, 0",
        "tus pesos son enteros",
    ),
    "without b": (
        "epochs/gradient_step",
        "def gradient_step(X, t, w, b, rate):\n    error = t - X @ w\n"
        "    return w + 2 * rate * X.T @ error / len(t), b + 2 * rate * error.mean()",
        "¿Cuentan w y b en la respuesta",
    ),
    "fixed rate": (
        "epochs/gradient_step",
        "def gradient_step(X, t, w, b, rate):\n    error = t - X @ w - b\n"
        "    return w + 0.2 * X.T @ error / len(t), b + 0.2 * error.mean()",
        "¿Usas learning_rate?",
    ),
    "numbers for pairs": ("epochs/batches", "def batches(X, t, size, rng):\n    yield 3", "cada lote es una pareja"),
    "rounds": (
        "epochs/iterations",
        "def iterations(N, size, epochs):\n    return round(N / size) * epochs",
        "con 210 filas",
    ),
    "precision": (
        "wine/macro_f1",
        "def macro_f1(C):\n    return np.nan_to_num(np.diag(C) / np.sum(C, axis=0)).mean()",
        "has calculado la media de las precisiones",
    ),
    "one of three": (
        "regression/standardise",
        "def mean_and_sigma(a):\n    return a.mean(axis=0), a.std(axis=0)\n"
        "def standardise(data, mean, sigma):\n    raise NotImplementedError('Escribe')\n"
        "def unstandardise(z, mean, sigma):\n    return z * sigma + mean",
        "sin hacer todavía. Falta standardise",
    ),
    "kept": ("perceptron", "x, w, result, first = 1, 2, 3, 4", ""),
}
COURSE = "# Los dibujos de este cuaderno\n"
MISSING = {  # code that looks for a file; what is said
    "open('/content/drive/MyDrive/wine_shuffled.data')": "Pon en ella «wine_shuffled.data», al lado del cuaderno",
    r"np.loadtxt(open(r'C:\Users\Eva\wine.data'))": "Pon en ella «wine.data»",
    "open('here.data', 'w').close(); open('Here (1).data')": "uno con un nombre parecido, «here.data». ¿Es ese?",
    "open('vinos.data')": "y ahí está «here.data». ¿Es ese?",
    "open('')": "Ahí falta el nombre del archivo",
    "import urllib.request as u; u.urlopen('http://127.0.0.1:9/a')": "No se llega a esa dirección de internet",
    "import pandas as pd; pd.read_csv(None)": "Eso no es el nombre de un archivo",
    "np = 3; np.ones(3)": "En este cuaderno has dado otro valor a «np», del curso",
    "import numpy as np; self_check = 1; self_check.require('x')": "has dado otro valor a «self_check», del curso",
    "open('/nowhere/here.data')": "y ahí está: escribe solo su nombre",
    "open('.')": "«.» es una carpeta: escribe también el nombre del archivo",
    "draw_nothing()": "Falta «draw_nothing»: alguna celda de más arriba no se ha ejecutado",
    f"{COURSE}def draw_it():\n    plt.subplots()\n    plenty\ndraw_it()": "Falta «plenty»: alguna celda de más arriba",
    "import subprocess; subprocess.run(['no-such-program'])": "No such file or directory: 'no-such-program'",
}
COVERED = [  # the course's function, names that it uses for other things, and a cell that calls it by its own
    f"{COURSE}def draw_pi():\n    return list([np.pi])[0]",
    "pi = draw_pi\nnp = plt = SelfCheck = self_check = show = list = draw_pi = 3\nBLUE = 'azul'\nprint(pi() > 3)",
    "draw_pi()",
]
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
    """Return the cells of one kernel: {part: list of cells, of the checks {name: cell}}."""
    by_id = {}
    for assignment in ASSIGNMENTS:
        for cell in notebook("release", assignment).cells:
            if "nbgrader" in cell.metadata:
                by_id[f"{assignment}/{cell.metadata.nbgrader.grade_id}"] = cell.source
    setup, pairs = by_id["neuron/setup"], {}
    for name, (exercise, code, _) in CELLS.items():
        grade_id = (exercise if "/" in exercise else f"neuron/{exercise}").replace("_", "-")
        pairs[name] = [by_id[grade_id] if code is None else code, by_id[f"{grade_id}-check"]]
    parts = {
        "begin": [by_id["neuron/weighted-sum-check"], setup, "SEED = 1958"],
        "answers": [source for pair in pairs.values() for source in pair],
        "names": ["print(x, w, result, first)"],
        "require": [by_id["neuron/layer-test"]],
        "missing": list(MISSING),
        "covered": COVERED,
        "healed": [setup, "del list", "print(draw_pi() > 3, np.ones(1), BLUE)"],
        "figure": [FIGURE],
        "training": [TRAINING],
    }
    parts = {part: [new_code_cell(source) for source in sources] for part, sources in parts.items()}
    here = {"metadata": {"path": str(tmp_path_factory.mktemp("here"))}}
    nb = new_notebook(cells=[cell for cells in parts.values() for cell in cells])
    NotebookClient(nb, timeout=300, allow_errors=True, resources=here).execute()
    for cells in parts.values():
        cells[:] = [nb.cells.pop(0) for _ in cells]
    return parts | {"checks": dict(zip(CELLS, parts["answers"][1::2], strict=True))}


@pytest.mark.parametrize("name", CELLS)
def test_a_check_says_what_is_amiss_and_where(executed, name):
    text = said(executed["checks"][name])
    assert CELLS[name][2] in text, text
    assert "Traceback" not in text and len(text.strip().split("\n")) == 1


def test_before_the_setup_a_sentence_says_to_run_it(executed):
    text = said(executed["begin"][0])
    assert "NameError" in text and "Ejecuta antes la celda «Preparación»" in text


def test_the_setup_shows_that_it_runs(executed):
    assert said(executed["begin"][1]).split() == ["Preparando…", "listo."]


def test_a_check_leaves_the_students_names_alone(executed):
    assert said(executed["names"][0]).strip() == "1 2 3 4"


def test_a_graded_cell_says_what_its_check_has_said_last(executed):
    assert "las formas no encajan" in said(executed["require"][0])


@pytest.mark.parametrize("n", range(len(MISSING)))
def test_a_file_or_a_name_that_is_not_there_is_told_in_a_sentence(executed, n):
    cell = executed["missing"][n]
    assert list(MISSING.values())[n] in said(cell), said(cell)
    assert cell.outputs[-1].output_type == "error"
    assert ("\n" in said(cell).strip()) == ("subprocess" in cell.source)


def test_a_name_of_the_course_used_for_another_thing_breaks_no_course_function_and_can_be_healed(executed):
    _, works, told = map(said, executed["covered"])
    assert works.strip() == "True"
    assert "has dado otro valor a «draw_pi», del curso" in told and "\n" not in told.strip()
    setup, _, healed = map(said, executed["healed"])
    assert setup.split() == ["Preparando…", "listo."] and healed.strip() == "True [1.] #0072B2"


def test_figures_carry_their_alternative_text(executed):
    [output] = executed["figure"][0].outputs
    assert output.data["text/plain"] == 'una recta de "a" a <b>' and "image/png" not in output.data
    [picture] = BeautifulSoup(output.data["text/html"], "html.parser")
    assert picture.name == "img" and picture["alt"] == 'una recta de "a" a <b>'
    assert picture["src"].startswith("data:image/png;base64,iVBOR")


def test_training_is_quiet(executed):
    assert said(executed["training"][0]).strip() == "(entrenada: 3 épocas)"


SUM = "def weighted_sum(x, w, b):\n    return np.dot(x, w) + b"
STEP = "def perceptron(x, w, b):\n    return int(weighted_sum(x, w, b) > 0)"
LAYER = "def layer(X, W, theta, f):\n    return f(X @ W + theta)"
FORWARD = (
    "def feed_forward(X, layers):\n    for W, theta, f in layers:\n        X = layer(X, W, theta, f)\n    return X"
)
JUMP = "def heaviside(n):\n    return np.where(np.asarray(n) >= 0, 1, 0)"
NEURON = "keras_neuron = keras.Sequential([keras.layers.Dense(1, activation='tanh')])\n"
AT_THE_DESK = [  # what stands in the cells of a student, one after the other; which check says what
    ({"a": SUM}, "weighted-sum", "✅"),
    ({"b": "and_neuron = (np.array([1, 1]) -1.5"}, "weighted-sum", "✅"),
    ({}, "gates", "la celda que da «and_neuron» no ha llegado a empezar: falta cerrar un paréntesis"),
    ({"a": SUM.replace("):", ")"), "c": STEP}, "perceptron", "da «weighted_sum» (ejercicio 1) no ha llegado a empezar"),
    ({"a": SUM.replace("def weighted", "deff weighted")}, "weighted-sum", "no ha llegado a empezar"),
    ({"a": SUM.replace("weighted_", "")}, "weighted-sum", "ya no lo da: ahora da «sum». Tiene que llamarse «weighted_"),
    ({"a": "raise NotImplementedError('Escribe')"}, "weighted-sum", "✏️ Ejercicio 1 · weighted_sum: sin hacer todavía"),
    ({"a": SUM.replace(", b)", ")").replace(" + b", "")}, "weighted-sum", "no recibe los argumentos del enunciado"),
    ({"a": SUM}, "weighted-sum", "✅"),
    ({"c": STEP.replace("w, b) >", "w[:1], b) >")}, "perceptron", "perceptron, línea 2 de su celda: «return int(weig"),
    ({"c": "def perceptron(x, w, b):\n    return '1'"}, "perceptron", "tiene que ser el número 0 o 1, y es '1'."),
    ({"c": STEP}, "perceptron", "✅"),
    (
        {"c": STEP.replace("return int", "if ").replace("0)", "0):\n        return 1")},
        "perceptron",
        "¿falta un return para ese",
    ),
    ({"c": STEP.replace("x, w, b) >", "x[[0, -1]], w[[0, -1]], b) >")}, "perceptron", "cuentan todas, y con la 2.ª no"),
    ({"c": STEP.replace("> 0", "> 0.5")}, "perceptron", "no se activa cuando la suma vale 0.001"),
    ({"a": SUM.replace("    return", "return")}, "weighted-sum", "cuatro espacios más a la derecha (línea 2)"),
    ({"a": SUM.replace("np.dot(x, w)", "abs(np.dot(x, w))")}, "weighted-sum", "-3.85"),
    ({"h": JUMP}, "heaviside", "✅"),
    ({"h": JUMP.replace(">= 0", "> -0.1")}, "heaviside", "el salto está justo en 0"),
    ({"h": JUMP.replace("1, 0", "'1', '0'")}, "heaviside", "tiene que devolver números"),
    ({"g": "and_neuron = ([1, 1], -1.5)\nor_neuron = ([1, 1], -0.5)"}, "gates", "✅"),
    ({"g": "and_neuron = ([1, 1], -1.5)"}, "gates", "la celda que daba «or_neuron», y ya no lo da. Escríbelo en ella"),
    ({"l": LAYER, "f": FORWARD}, "layer", "✅"),
    ({}, "feed-forward", "✅"),
    (
        {"l": LAYER.replace("return", "raise NotImplementedError  #")},
        "feed-forward",
        "layer (ejercicio 6), que está sin hacer",
    ),
    ({"l": LAYER}, "layer", "✅"),
    ({"l": LAYER.replace("+ theta", "+ thta")}, "feed-forward", "«thta». Ha sido en layer, línea 2"),
    (
        {"k": NEURON + "keras_neuron.set_weights([plant_w])"},
        "keras-neuron",
        "no existe el nombre «plant_w». Si es del cuaderno",
    ),
    ({"p": "plant_w, plant_b = np.zeros(3), 0"}, "weighted-sum", "❌"),
    (
        {"k": NEURON + "keras_neuron.set_weights([plant_w, plant_b])"},
        "keras-neuron",
        "¿falta keras.Input al principio?",
    ),
]


@pytest.fixture(scope="module")
def at_the_desk():
    """Return what the checks of AT_THE_DESK say, in a kernel that is told which cell it runs, as in JupyterLab."""
    cells = notebook("release", "neuron").cells
    by_id = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if "nbgrader" in cell.metadata}
    manager, client = start_new_kernel()

    def execute(cell_id, source):
        message = client.session.msg("execute_request", {"code": source, "silent": False, "store_history": True})
        message["metadata"] = {"cellId": cell_id}
        client.shell_channel.send(message)
        shown = []
        while True:
            answer = client.get_iopub_msg(timeout=120)
            content = answer["content"]
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "status" and content["execution_state"] == "idle":
                return re.sub(r"\x1b\[[\d;]*m", "", "".join(shown))
            shown.append(content.get("text", "") or "\n".join(content.get("traceback", ())))

    try:
        execute("setup", by_id["setup"])
        texts = []
        for answers, check, _ in AT_THE_DESK:
            for cell_id, source in answers.items():
                execute(cell_id, source)
            texts.append(execute(check, by_id[f"{check}-check"]))
        return texts
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("n", range(len(AT_THE_DESK)))
def test_what_stands_in_the_cells_today_is_what_a_check_looks_at(at_the_desk, n):
    assert AT_THE_DESK[n][2] in at_the_desk[n], at_the_desk[n]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_the_courses_cells_define_no_other_cell_gives(assignment):
    """Their functions look for a name among these first (class Kept of the setup)."""
    code = [cell.source for cell in notebook("source", assignment).cells if cell.cell_type == "code"]
    kept = [
        source for source in code if source.startswith(("# Preparación", "# Ayuda", "# Los dibujos", "# Herramienta"))
    ]
    defined = frozenset().union(*(names(source).defines for source in kept))
    given = frozenset().union(*(names(source).gives for source in code if source not in kept))
    assert len(defined) > 10 and not defined & given


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_tick_says_what_was_checked(assignment):
    for cell in notebook("source", assignment).cells:
        if cell.source.count("@self_check(") and 'done=""' not in cell.source:  # those draw, and tick nothing
            check = r'@self_check\(\s*"(.+?)",\s*"(.+?)"\)(?:  # .*)?\n#.*\ndef _check\(\):\n'
            [(title, done)] = re.findall(check, cell.source)
            assert title and len(done) > 20 and "todo correcto" not in done, cell.source[:200]


CHECK = """
@self_check("Ejercicio 1 · double", "dobla.")
def _check():
    plt.subplots()
    assert double(2) == 4, "el doble de 2 es 4."
"""
REQUIRE = "self_check.require('Ejercicio 1 · double')"
DRAWN = """
from types import SimpleNamespace

def drive(logs, **options):
    \"""Return, as JSON, what is drawn of epochs with these logs: after 2 at once, 1 much later, and at the end.\"""
    curves, alts, counts = LiveCurves(**options), [], []
    curves.on_train_begin()
    curves.handle = SimpleNamespace(update=lambda picture: alts.append(picture.alt))
    for epoch, one in enumerate(logs):
        curves.drawn_at -= 2 * (epoch == 2)  # seconds
        curves.on_epoch_end(epoch, one)
        counts.append(len(alts))
    curves.on_train_end()
    axes = curves.axes
    lines = {line.get_label(): [list(map(float, data)) for data in line.get_data()] for line in axes.get_lines()}
    styles = [[line.get_color(), line.get_linestyle()] for line in axes.get_lines()]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    labels = [axes.get_title(), axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()]
    return json.dumps([[*counts, len(alts)], alts[-1], lines, styles, legend, labels, plt.get_fignums()])
"""
TRAINED = """
keras.utils.set_random_seed(1958)
network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
network.compile(loss="mse")
rows, curves = np.arange(4.0)[:, None], LiveCurves(title="La recta")
history = network.fit(rows, rows, validation_data=(rows, rows), epochs=3, verbose=0, callbacks=[curves])
"""


@pytest.fixture(scope="module")
def of_the_file():
    """Return what cells show after source/es/setup.py, {name: cell}."""
    sources = {
        "setup": (ROOT / "source" / "es" / "setup.py").read_text("utf-8"),
        "not yet": REQUIRE,
        "stub": "def double(x):\n    raise NotImplementedError('Escribe aquí tu solución.')",
        "undone": CHECK,
        "answer": "def double(x):\n    return x + 3",
        "wrong": CHECK,
        "refused": REQUIRE,
        "mended": "def double(x):\n    return 2 * x",
        "right": CHECK,
        "allowed": REQUIRE,
        "left": "print(_check, plt.get_fignums())",
        "json": "import json" + DRAWN,
        "loss": "print(drive([dict(loss=8 / n, val_loss=9 / n) for n in (1, 2, 4)], title='Prueba'))",
        "metric": "print(drive([dict(loss=1.0, accuracy=0.5)] * 2, metric='accuracy', log_scale=False))",
        "trained": TRAINED,
        "values": "print(json.dumps([history.history, curves.epochs, curves.values, curves.test_values]))",
    }
    cells = {name: new_code_cell(source) for name, source in sources.items()}
    NotebookClient(new_notebook(cells=list(cells.values())), timeout=300, allow_errors=True).execute()
    return cells


def printed(cell):
    """Return what a cell has printed as JSON."""
    return json.loads("".join(output.text for output in cell.outputs if output.output_type == "stream"))


def test_a_check_of_ones_own_says_how_it_went_and_is_required(of_the_file):
    told = {name: said(cell).strip() for name, cell in of_the_file.items()}
    assert told["setup"].split() == ["Preparando…", "listo."]
    assert told["not yet"] == "❌ Ejercicio 1 · double: ejecuta antes su comprobación, arriba."
    assert told["undone"] == "✏️ Ejercicio 1 · double: sin hacer todavía. Escribe aquí tu solución."
    assert told["wrong"] == told["refused"] == "❌ Ejercicio 1 · double: el doble de 2 es 4."
    assert told["right"] == "✅ Ejercicio 1 · double: dobla."
    assert told["allowed"] == ""
    assert told["left"] == "None []"  # neither the check's name nor a half-made figure


def test_the_curves_of_a_training_show_each_epoch(of_the_file):
    counts, alt, lines, styles, legend, labels, open_figures = printed(of_the_file["loss"])
    assert counts == [0, 0, 1, 2]  # once in a second at most, and at the end
    assert lines == {"entrenamiento": [[1, 2, 3], [8, 4, 2]], "test": [[1, 2, 3], [9, 4.5, 2.25]]}
    assert styles == [["#0072B2", "-"], ["#E69F00", "--"]]
    assert legend == ["entrenamiento", "test"]
    assert labels == ["Prueba", "época", "error (loss)", "log"]
    assert alt == "Prueba: loss en cada época, entrenamiento con línea continua y test con línea a trazos"
    assert open_figures == []


def test_curves_without_a_test_set_and_of_another_metric(of_the_file):
    counts, _, lines, _, legend, labels, _ = printed(of_the_file["metric"])
    assert counts == [0, 0, 1]
    assert lines == {"entrenamiento": [[1, 2], [0.5, 0.5]]}
    assert legend == ["entrenamiento"]
    assert labels == ["Curvas de entrenamiento", "época", "accuracy", "linear"]


def test_a_training_ends_with_one_picture_of_its_own_values(of_the_file):
    [output] = of_the_file["trained"].outputs
    assert output.data["text/plain"].startswith("La recta: loss en cada época")
    assert 'src="data:image/png;base64,iVBOR' in output.data["text/html"]
    history, epochs, values, test_values = printed(of_the_file["values"])
    assert epochs == [1, 2, 3]
    assert all(map(math.isclose, values, history["loss"]))
    assert all(map(math.isclose, test_values, history["val_loss"]))
