"""What else students do with the names of a notebook: they take them for something of their own, or change what is in
them. No cell of the course may mind."""

import keyword
import re

from nbformat.v4 import new_code_cell

from grader.questions.names import names

NATURAL = set(
    re.findall(
        r"\w+",
        """x y t X T w b h n z a y_test X_new mean std sigma mse rho error errors mu media red neurona modelo
        network model history historia scaler data datos df table tabla raw vinos wines result resultado loss
        counter rows line report points plane node arrow canvas corners x_train x_curve t_curve network_1
        snapshots hidden inputs outputs order spread rng weights parts rest figura fig ax axes titulo texto
        funcion prueba test train lote epoca salida entrada pesos umbral""",
    )
)
CHANGED = """
for _name, _value in list(globals().items()):
    if isinstance(_value, np.ndarray) and _value.dtype.kind == "f" and _name not in {kept} and _value.flags.writeable:
        _value *= 3
"""


def with_strangers(nb, rng):
    """Return the cells of a solved notebook, and behind each answer one that takes names that an exercise's text or the
    field suggests, and changes arrays in place; but for names that this or a later answer needs."""
    answers = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    given = frozenset().union(*(names(cell.source).gives for cell in answers))
    helpers = frozenset().union(*(names(cell.source).gives for cell in nb.cells if cell.metadata.get("nbgrader")))
    suggested = set(NATURAL)
    for cell in nb.cells:
        if cell.cell_type == "markdown" and re.search(r"^### Ejercicio", cell.source, re.MULTILINE):
            suggested |= set(re.findall(r"`([a-z_]\w*)`", cell.source))
    cells = []
    for cell in nb.cells:
        cells.append(cell)
        if cell in answers:
            later = answers[answers.index(cell) :]
            needed = given.union(*(names(one.source).takes for one in later))
            taken = sorted(suggested - needed - helpers - {"np", "plt", "pd", "keras", *keyword.kwlist})
            rng.shuffle(taken)
            cells.append(new_code_cell(" = ".join(taken) + ' = "de otra cosa"'))
            cells.append(new_code_cell(CHANGED.replace("{kept}", repr(sorted(needed)))))
    return cells
