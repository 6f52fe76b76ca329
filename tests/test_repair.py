"""Cells find back to what was released, whatever was lost; graded cells are single, in order, and as released."""

import copy
import random

import pytest
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from grader.notebooks import locked as locked_cells
from grader.notebooks import matching as found_cells
from grader.notebooks.locked import Added, Budget, added
from grader.notebooks.matching import Matching
from grader.notebooks.released import Released, asked, with_wanted
from grader.notebooks.remarks import tell_on_top
from grader.notebooks.repair import repaired
from grader.notebooks.submitted import LOST, NOTE, OURS, is_ours
from grader.questions.names import Names

from .course import DRAW

ASKS = "# Objetivo: el {0} de cualquier número, también negativo.\n### BEGIN HIDDEN TESTS\nfrom grader import student\n"
TESTS = {name: ASKS.format(name) + f"assert student.{name}(1)\n### END HIDDEN TESTS" for name in ("doble", "triple")}
ANSWERS = {
    "doble": "def doble(x):\n    return 2 * x",
    "triple": "def triple(x):\n    return 3 * x",
    "pares": "pares = [2]",
}
STUB = 'raise NotImplementedError("Escribe aquí tu solución.")'
SETUP = "import math\nLIMIT = 3"


def released():
    """Return an assignment: setup, two functions, a value that is asked for by subscription, and a text."""

    def one(name, source, kind="code", **marks):
        visible = source.split("### BEGIN")[0].strip("\n")
        facts = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, **marks}
        return Released(name, kind, source, visible, f"id-{name}", facts)

    def plain(source, kind="markdown"):
        return Released("", kind, source, source, f"id-{source[:9]}")

    test = {"grade": True, "locked": True, "points": 1}
    asks = "# Objetivo: la lista de los números pares.\n### BEGIN HIDDEN TESTS\nfrom grader import student\n"
    return with_wanted([
        plain("# Título"),
        one("setup", SETUP, locked=True),
        plain("demo = LIMIT + 1", "code"),
        *(plain("## Doble"), one("doble", f"def doble(x):\n    {STUB}", solution=True)),
        one("doble-check", "assert doble(1) == 2, 'el doble de 1 es 2'", locked=True),
        one("doble-test", TESTS["doble"], **test),
        *(plain("## Triple"), one("triple", f"def triple(x):\n    {STUB}", solution=True)),
        one("triple-test", TESTS["triple"], **test),
        *(plain("## Pares"), one("pares", STUB, solution=True)),
        one("pares-test", asks + "assert student['pares']\n### END HIDDEN TESTS", **test),
        *(plain("## Opina"), one("opina", "*Escribe*", "markdown", grade=True, solution=True, points=1)),
        plain("## Resumen"),
    ])  # fmt: skip


def name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def handed_in(answers=None, marks=True, ids=True):
    """Return the cells of a notebook with these answers, all by default."""
    answers = {**ANSWERS, "opina": "Me gusta"} if answers is None else answers
    cells = []
    for known in released():
        make = new_code_cell if known.cell_type == "code" else new_markdown_cell
        cell = make(answers.get(known.grade_id, known.visible))
        if marks and known.marks:
            cell.metadata["nbgrader"] = dict(known.marks)
        if ids:
            cell["id"] = known.cell_id
        cells.append(cell)
    return cells


def repair(cells):
    """Return (cells, remarks) after checking what holds for any notebook that anybody hands in."""
    known = {one.grade_id: one for one in released() if one.marks}
    result, remarks = repaired(copy.deepcopy(cells), released())
    graded = [cell for cell in result if name(cell)]
    assert len({name(cell) for cell in graded}) == len(graded)
    assert {one for one in known if known[one].locked or known[one].graded} <= set(map(name, graded))
    for cell in graded:
        one = known[name(cell)]
        assert dict(cell.metadata.nbgrader) == one.marks and cell.cell_type == one.cell_type
        assert cell.source == one.source or not one.locked
    assert len({id(cell) for cell in result}) == len(result)
    return result, " ".join(remarks)


def order(cells):
    return [name(cell) for cell in cells if name(cell)]


def after_answers(cells):
    """Tell whether each test comes behind all definitions of what it asks for."""
    sources = [cell.source for cell in cells]
    last = {what: max(n for n, s in enumerate(sources) if ANSWERS[what] in s) for what in ANSWERS}
    return all(n > last[name(c)[:-5]] for n, c in enumerate(cells) if name(c).endswith("-test"))


def is_note(cell):
    return cell.source.startswith("⚠️")


WHOLE = order(handed_in())


def test_a_whole_notebook_is_left_alone():
    for answers in (None, {}):
        cells, remarks = repair(handed_in(answers))
        assert [c.source for c in cells if not name(c).endswith("-test")] == [
            c.source for c in handed_in(answers) if not name(c).endswith("-test")
        ]
        assert not remarks


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("answered", [["doble", "triple", "pares", "opina"], ["pares"], ["triple", "opina"], []])
def test_marks_that_were_lost_are_found(ids, answered):
    answers = {what: {**ANSWERS, "opina": "Me gusta"}[what] for what in answered}
    cells, remarks = repair(handed_in(answers, marks=False, ids=ids))
    assert order(cells) == WHOLE
    assert {name(c): c.source for c in cells}.items() >= answers.items()
    assert "sus marcas de nbgrader" in remarks and "no se ha encontrado" not in remarks
    assert not any(map(is_note, cells))


def test_ids_of_colab_are_known():
    cells = handed_in(marks=False, ids=False)
    for cell, known in zip(cells, released(), strict=True):
        cell.metadata["id"] = known.cell_id
        cell.source += "\n# mío" if not known.locked and known.cell_type == "code" else ""
    assert order(repair(cells)[0]) == WHOLE


@pytest.mark.parametrize("kept", [["setup"], []])
def test_a_notebook_of_ones_own_gets_each_test_behind_its_answer(kept):
    cells = [new_code_cell(SETUP) for _ in kept] + [new_code_cell(source) for source in ANSWERS.values()]
    cells, remarks = repair(cells)
    assert order(cells) == [one for one in WHOLE]
    assert after_answers(cells)
    assert "no se ha encontrado" not in remarks


@pytest.mark.parametrize(
    "later", ["doble = doble(4)", "pares = [3]\ndoble = triple(2)", "def cuatro(x):\n    global doble\n    doble = 4"]
)
def test_a_name_used_again_is_not_taken_for_the_answer(later):
    cells, _ = repair([new_code_cell(source) for source in (*ANSWERS.values(), later)])
    places = {name(c): n for n, c in enumerate(cells) if name(c)}
    assert cells[places["doble"]].source == ANSWERS["doble"]
    assert places["doble-test"] < next(n for n, c in enumerate(cells) if c.source == later)


def test_a_cell_that_answers_one_exercise_alone_is_not_given_to_another():
    later = "def triple(x):\n    return 3 * x\n\ndef doble(x):\n    return triple(x) - x"
    cells, remarks = repair([new_code_cell(ANSWERS["doble"]), new_code_cell(later)])
    assert {name(c): c.source for c in cells}["triple"] == later
    assert {name(c): c.source for c in cells}["doble"] == ANSWERS["doble"] and "no se ha encontrado" not in remarks


@pytest.mark.parametrize("stub", [f"# Ana\n{STUB}", "pass", "...", '"""Luego."""', "raise NotImplementedError"])
def test_a_stub_that_was_touched_is_no_answer(stub):
    lines = "\n    ".join(stub.split("\n"))
    cells = handed_in({**ANSWERS, "doble": f"def doble(x):\n    {lines}"})
    cells.append(new_code_cell(ANSWERS["doble"]))
    cells, _ = repair(cells)
    places = [n for n, c in enumerate(cells) if c.source == ANSWERS["doble"] or name(c) == "doble-test"]
    assert cells[places[0]].source == ANSWERS["doble"] and places[1] == places[0] + 2  # a note between them


def test_a_test_that_had_to_be_placed_is_judged_behind_all_that_may_be_the_answer():
    first, second, later = new_code_cell("pares = [1]"), new_code_cell("pares = [2]"), new_code_cell("pares = None")
    cells, _ = repair([first, second, later])
    test = next(c for c in cells if name(c) == "pares-test")
    assert test.metadata["judged_after"] == [first.id, second.id]
    cells, _ = repair(handed_in())
    assert not [c for c in cells if "judged_after" in c.metadata]
    forged = handed_in()
    forged[5].metadata["judged_after"] = ["x"]
    assert not [c for c in repair(forged)[0] if "judged_after" in c.metadata]


def test_a_second_answer_further_down_is_judged_too():
    again, other = new_code_cell(ANSWERS["doble"]), new_code_cell("nada = doble(2)")
    cells, remarks = repair([*handed_in({**ANSWERS, "doble": "def doble(x):\n    return x"}), again, other])
    places = {name(c): n for n, c in enumerate(cells) if name(c)}
    assert cells[places["doble-test"]].metadata["judged_after"] == [again.id, other.id] and not remarks
    assert "vuelves a dar `doble`" in cells[places["doble-test"] - 1].source
    assert [is_note(c) for c in cells].count(True) == 1
    assert {c.metadata["answer"] for c in cells if "judged_after" in c.metadata} == {"doble", "triple", "pares"}


@pytest.mark.parametrize("spoilt", [False, True])
def test_what_comes_between_an_answer_and_its_test_does_not_hide_it(spoilt):
    answer = new_code_cell(ANSWERS["doble"])
    cells = handed_in({**ANSWERS, "doble": f"def doble(x):\n    {STUB}"} if spoilt else None)
    at = next(n for n, c in enumerate(cells) if name(c) == "doble")
    if spoilt:  # the answer above the untouched stub
        cells.insert(at, answer)
    else:
        answer = cells[at]
        cells.insert(at + 1, new_code_cell("doble = doble(4)"))
    cells, _ = repair(cells)
    tests = {name(c): c.metadata.get("judged_after") for c in cells if name(c) and name(c).endswith("-test")}
    assert tests["doble-test"] == [answer["id"]] and not any(tests[other] for other in tests if other != "doble-test")


def test_a_copy_of_what_the_course_gives_does_not_take_its_place():
    cells = handed_in()
    given = next(c for c in cells if name(c) == "setup")
    cells, _ = repair([*cells, *copy.deepcopy([given, next(c for c in cells if name(c) == "doble-test")])])
    first, last = ([n for n, c in enumerate(cells) if c.source == given.source][k] for k in (0, -1))
    assert name(cells[first]) == "setup" and not name(cells[last]) and first < last
    assert [name(c) for c in cells].count("doble-test") == 1


def test_of_several_corrections_below_each_may_be_the_right_one():
    wrong, right = (new_code_cell(f"def doble(x):\n    return {k} * x") for k in (3, 2))
    used_up = new_code_cell("doble = 4")
    cells, _ = repair([*handed_in({**ANSWERS, "doble": "def doble(x):\n    return x"}), wrong, right, used_up])
    test = next(c for c in cells if name(c) == "doble-test")
    assert test.metadata["judged_after"] == [wrong.id, right.id, used_up.id]


def test_a_test_is_judged_right_before_a_name_of_its_is_used_up():
    """Not behind the cell that gave that name: what else it asks for may have come since."""
    cells = handed_in()
    at = next(n for n, c in enumerate(cells) if name(c) == "doble")
    between, loop = new_code_cell("mio = 3"), new_code_cell("for doble in [1, 2]:\n    pass")
    cells[at + 1 : at + 1] = [between, loop]
    test = next(c for c in repair(cells)[0] if name(c) == "doble-test")
    assert test.metadata["judged_after"] == [between.id]


def test_an_untouched_copy_of_an_answer_does_not_take_its_place():
    cells = handed_in()
    answer = next(c for c in cells if name(c) == "doble")
    backup = copy.deepcopy(answer)
    backup.source = f"def doble(x):\n    {STUB}"
    for at in (cells.index(answer), cells.index(answer) + 1, len(cells)):
        repaired_cells, _ = repair([*cells[:at], backup, *cells[at:]])
        assert {name(c): c.source for c in repaired_cells}["doble"] == ANSWERS["doble"]


def test_exercises_that_want_the_same_name_keep_their_order():
    def one(name, source, **marks):
        facts = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, **marks}
        return Released(name, "code", source, source, f"id-{name}", facts)

    test = "from grader import student\nassert student.modelo"
    known = [
        one("a", "modelo = None", solution=True),
        one("a-test", test, grade=True, locked=True, points=1),
        one("b", "modelo = None", solution=True),
        one("b-test", test, grade=True, locked=True, points=1),
    ]
    cells, _ = repaired([new_code_cell("modelo = 1"), new_code_cell("modelo = 2")], with_wanted(known))
    assert {name(c): c.source for c in cells if name(c) in ("a", "b")} == {"a": "modelo = 1", "b": "modelo = 2"}


def test_answers_in_one_cell_or_before_or_behind_all_else_are_tested():
    for source in ("\n\n".join(ANSWERS.values()), *ANSWERS.values()):
        rest = {what: code for what, code in ANSWERS.items() if code not in source}
        for n in (2, -1):
            cells = handed_in(rest)
            cells.insert(n if n > 0 else len(cells), new_code_cell(source))
            repaired_cells, _ = repair(cells)
            sources = [c.source for c in repaired_cells]
            for what in set(ANSWERS) - set(rest):
                test = next(n for n, c in enumerate(repaired_cells) if name(c) == f"{what}-test")
                assert test > sources.index(source)


@pytest.mark.parametrize("what", ANSWERS)
def test_an_exercise_rewritten_in_a_new_cell_is_tested_behind_it(what):
    cells = [c for c in handed_in() if name(c) not in (what, f"{what}-check", f"{what}-test")]
    cells.insert(next(n for n, c in enumerate(cells) if what in c.source.lower()) + 1, new_code_cell(ANSWERS[what]))
    cells, _ = repair(cells)
    assert order(cells) == WHOLE and after_answers(cells)


def test_what_a_later_release_added_at_the_end_goes_to_the_end():
    cells = [c for c in handed_in() if name(c) not in ("pares", "pares-test", "opina")]
    cells = [c for c in cells if c.source not in ("## Pares", "## Opina", "## Resumen")]
    cells += [new_code_cell("mis_pruebas = 1")]
    cells, _ = repair(cells)
    assert order(cells)[-2:] == ["pares-test", "opina"] and cells[-1].source == "*Escribe*"


def test_work_that_nobody_recognises_is_said():
    cells, remarks = repair([new_code_cell("x = 1"), new_code_cell("y = 2"), new_markdown_cell("Hola")])
    assert "Tu trabajo está, sus marcas no" in remarks and "`doble`" in remarks
    assert cells[-1].source == "*Escribe*" or order(cells)[-1] == "opina"


@pytest.mark.parametrize("seed", [DRAW.randrange(10**6) for _ in range(30)])
def test_whatever_happens_graded_cells_are_single_and_as_released(seed):
    draw, cells = random.Random(seed), handed_in()
    for _ in range(draw.randrange(1, 8)):
        n = draw.randrange(len(cells))
        match draw.randrange(6):
            case 0:
                del cells[n]
            case 1:
                cells.insert(draw.randrange(len(cells)), copy.deepcopy(cells[n]))
            case 2:
                cells[n].metadata.pop("nbgrader", None)
            case 3:
                cells[n].source += "\n" + cells[draw.randrange(len(cells))].source
            case 4:
                cells[n].metadata["nbgrader"] = {"grade_id": draw.choice(WHOLE), "grade": True, "points": 99}
            case 5:
                cells[n].source = draw.choice(["", "print(1)", *TESTS.values()])
                cells[n]["id"] = draw.choice(released()).cell_id
    repair(cells)


def locked(source, what="setup", **changes):
    cells = handed_in(changes or None)
    cells[next(n for n, c in enumerate(cells) if name(c) == what)].source = source
    return repair(cells)


def test_what_was_added_to_a_locked_cell_gets_its_own():
    cells, remarks = locked(f"MIO = 1\n{SETUP}\nMAS = LIMIT\n")
    n = next(n for n, c in enumerate(cells) if name(c) == "setup")
    assert [c.source for c in (cells[n - 2], cells[n], cells[n + 1])] == ["MIO = 1", SETUP, "MAS = LIMIT"]
    assert "se ha devuelto" in cells[n - 1].source and "`setup`" in remarks


def test_code_in_a_test_runs_before_the_test():
    visible = TESTS["doble"].split("\n")[0]
    cells, _ = locked(f"{visible}\n{ANSWERS['doble']}", "doble-test", triple=ANSWERS["triple"], pares=ANSWERS["pares"])
    assert after_answers(cells)
    assert [name(c) for c in cells if c.source == ANSWERS["doble"]] == [""]


def test_cells_that_were_merged_come_apart():
    cells = handed_in(marks=False)
    first = next(n for n, c in enumerate(cells) if c.source == ANSWERS["doble"])
    code = [c for c in cells[first + 1 : first + 6] if c.cell_type == "code"]
    cells[first + 1].source = "\n\n".join(c.source for c in code)
    cells = [c for c in cells if c not in code[1:]]
    cells, _ = repair(cells)
    assert order(cells) == WHOLE and after_answers(cells)
    assert {name(c): c.source for c in cells}["triple"] == ANSWERS["triple"]


def test_a_locked_cell_of_an_older_release_alarms_nobody():
    cells = handed_in()
    setup = next(c for c in cells if name(c) == "setup")
    setup.source = "import math\nLIMIT = 2"
    assert "no cuenta" in repair(cells)[1]
    setup.metadata.nbgrader["checksum"] = compute_checksum(setup)
    assert repair(cells)[1] == ""


BLOCK = "with check('uno'):\n    assert doble(1) == 2\n\nLAST = 1"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (BLOCK, Added()),
        (f"\n\n{BLOCK}  \n# mi nota\n", Added()),
        (BLOCK.replace("== 2", "== 2  # mi nota"), Added()),
        (f"a = 1\n{BLOCK}", Added("a = 1", "")),
        (f"{BLOCK}\n\n# mía\nb = 2", Added("", "# mía\nb = 2")),
        (BLOCK.replace("\n\nLAST", "\nc = 3\nLAST"), Added("", "c = 3")),
        (BLOCK.replace("== 2", "== 3"), Added(changed=True)),
        (BLOCK.replace("== 2", "== 2\n    c = 3"), Added(changed=True)),
        ("", Added(changed=True)),
        ("import os\nLAST = 2\ndef f():\n    return 1", Added("", "import os\ndef f():\n    return 1", True)),
        (f'"""\n{BLOCK}\n"""', Added(changed=True)),
        (f"if x:\n    y = 1\n{BLOCK}\n%matplotlib inline", Added("if x:\n    y = 1", "%matplotlib inline")),
    ],
)
def test_what_counts_as_added(source, expected):
    assert added(source, BLOCK, is_code=True) == expected


def test_code_in_a_copy_of_a_test_is_kept():
    cells = handed_in({what: ANSWERS[what] for what in ("triple", "pares")})
    n = next(n for n, c in enumerate(cells) if name(c) == "doble-test")
    cells.insert(n, copy.deepcopy(cells[n]))
    cells[n].source = ANSWERS["doble"]
    cells, _ = repair(cells)
    assert after_answers(cells) and any("copia cambiada" in c.source for c in cells)


def test_a_note_is_nobodys_answer():
    cells = handed_in(ANSWERS)
    cells = [c for c in cells if name(c) != "opina"]
    double = next(n for n, c in enumerate(cells) if name(c) == "pares")
    cells.insert(double, copy.deepcopy(cells[double]))  # the note on the copy stands before it
    cells, _ = repair(cells)
    assert {name(c): c.source for c in cells}["opina"] == "*Escribe*"


HELPFUL = (
    "from grader import measured, numbers, student\nx = 3\n\ndef ask(k):\n    found = student.doble(k)\n"
    "    return numbers(found, (), 'f')\n\nassert all(ask(k) == 2 * k + x for k in range(5)), 'no'"
)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (HELPFUL, {"doble"}),
        ("from grader import student\nassert student['a'] and student['b.c']", {"a", "b"}),
        ("from grader import student\nfor n in ('a', 'b.c', '. no'):\n    w = student[n]", {"a", "b"}),
        ("from grader import randomised, student\nrandomised(student.f, 3)", {"f"}),
        ("def f(k):\n    return k\nassert sum(map(f, mine)) == doble(1)", {"mine", "doble"}),
        ("%matplotlib inline\nfrom grader import student\nstudent.f(y)", {"f"}),
        ("def", set()),
    ],
)
def test_what_a_test_asks_for(source, names):
    assert asked(source) == names


@pytest.mark.parametrize(
    "later",
    [
        "for k in range(3):\n    found = x = k",
        "x = 7\ndoble = doble(x)\nprint('el doble es', doble)",
        "from grader import student, numbers\nsum = range = print",
    ],
)
def test_a_test_stays_behind_its_answer_whatever_comes_below(later):
    known = released()
    test = next(one for one in known if one.grade_id == "doble-test")
    test.source = f"# Objetivo\n### BEGIN HIDDEN TESTS\n{HELPFUL}\n### END HIDDEN TESTS"
    cells = [*handed_in(), new_code_cell(later)]
    cells, _ = repaired(cells, with_wanted(known))
    assert order(cells) == WHOLE and not any(map(is_note, cells))


def test_a_test_that_asks_for_more_than_its_answer_stays_behind_it():
    known = released()
    test = next(one for one in known if one.grade_id == "triple-test")
    test.source += "\nassert student.otra(1)"
    cells = [*handed_in(), new_code_cell("otra = 1")]
    assert order(repaired(cells, with_wanted(known))[0]) == WHOLE


def counted(monkeypatch, module, name, result):
    """Let a function of a module only note the lengths of what it is given, and return `result`."""
    lengths = []
    monkeypatch.setattr(module, name, lambda source: lengths.append(len(source)) or result)
    return lengths


@pytest.mark.parametrize("line", ["%ls", "!ls", "x = !ls", "a = \\\n%ls", "ls?", "/f x", "\x1c%ls"])
def test_a_locked_cell_full_of_magics_is_put_back_unread(monkeypatch, line):
    lengths = counted(monkeypatch, locked_cells, "_statements", None)
    assert added(f"{line}\n" * 100, BLOCK, is_code=True) == Added(changed=True)
    assert not lengths
    added(f"{line}\nx = 1", BLOCK, is_code=True)
    assert lengths


def test_locked_cells_are_taken_apart_up_to_one_limit_in_a_notebook(monkeypatch):
    lengths, budget = counted(monkeypatch, locked_cells, "_statements", None), Budget()
    source = "LAST = 2\n" + "x = 1\n" * 3000
    assert all(added(source + str(n), BLOCK, True, budget) == Added(changed=True) for n in range(15))
    assert sum(lengths) <= locked_cells.MOST_PARSED + 15 * len(BLOCK)
    cells = handed_in()
    for cell in cells:
        cell.source += f"\nMIO = '{'x' * 40_000}'\nLIMIT = 4" if cell.metadata.get("nbgrader", {}).get("locked") else ""
        cell.source = cell.source.replace("import", " import").replace("assert", "no")
    lengths.clear()
    repair(cells)
    assert sum(lengths) <= locked_cells.MOST_PARSED + 1000


def test_names_are_looked_for_up_to_one_limit_in_a_notebook(monkeypatch):
    lengths = counted(monkeypatch, found_cells, "names", Names())
    cells = [new_code_cell(f"y = {n}\n" + "x = 1\n" * 5000) for n in range(30)]
    matching = Matching(released())
    for _ in range(3):
        matching.given(cells)
    assert 0 < sum(lengths) <= found_cells.MOST_CODE
    lengths.clear()
    repaired(cells, released())
    assert 0 < sum(lengths) <= found_cells.MOST_CODE + 1000


@pytest.mark.parametrize("mark", [LOST, NOTE])
def test_a_note_of_the_students_own_is_none_of_ours(mark):
    theirs, ours = (new_markdown_cell(mark.format("antes."), metadata=m) for m in ({}, OURS))
    nb = new_notebook(cells=[theirs])
    tell_on_top(nb, ["Dicho."])
    assert nb.cells[0].source == NOTE.format("Dicho.") and nb.cells[1] is theirs
    nb = new_notebook(cells=[ours])
    tell_on_top(nb, ["Dicho."])
    assert [cell.source for cell in nb.cells] == [
        LOST.format("antes.") if mark == LOST else NOTE.format("antes. Dicho.")
    ]
    nb, _ = ClearMetadataPreprocessor().preprocess(nb, {})
    assert is_ours(nb.cells[0])
