"""The local form of `student`: finding, calling and saying clearly what is wrong."""

import linecache
import os
import re
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from grader import numbers, randomised, student
from grader.questions.student import StudentError, answer, answering, question, unpack


class Notebook:
    """A notebook whose global names are given: the protocol of LocalNotebook and of the remote form."""

    def __init__(self, **names):
        self.names = names

    def ask(self, path, args, kwargs, seed=None):
        return unpack(path, answer(self.names, question(path, args, kwargs, seed)))


class Model:
    def __init__(self):
        self.history = {"loss": [2.0, 1.0]}

    def predict(self, X, verbose=1):
        if verbose:
            print("1/1 ====", file=sys.stderr)
        return X.sum(axis=1, keepdims=True)


def not_attempted(x):
    raise NotImplementedError("Escribe aquí tu solución.")


def test_calls_fetches_and_passes_names():
    with answering(Notebook(model=Model(), np=np, apply=lambda f, x: f(x))):
        np.testing.assert_array_equal(student.model.predict(np.ones((2, 3)), verbose=0), [[3.0], [3.0]])
        assert student["model.history"] == {"loss": [2.0, 1.0]}
        np.testing.assert_allclose(student.apply(student.np.tanh, [0.0, 1.0]), np.tanh([0.0, 1.0]))


def test_frames_and_series_answer_with_their_values():
    with answering(Notebook(frame=pd.DataFrame({"a": [1, 2]}), series=pd.Series([1, 2]))):
        np.testing.assert_array_equal(student["frame"], [[1], [2]])
        np.testing.assert_array_equal(student["series"], [1, 2])
    with answering(Notebook(load=lambda: (pd.DataFrame({"a": [1.0]}), pd.Series([3])))):
        X, t = student.load()
        assert X.shape == (1, 1) and t.shape == (1,)


def test_arguments_are_copies():
    def spoil(x):
        x[:] = 0
        return 1

    x = np.ones(3)
    with answering(Notebook(spoil=spoil)):
        student.spoil(x)
    assert x.sum() == 3


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({}, "No encuentro `f`"),
        ({"f": not_attempted}, "`f` está sin hacer todavía. Escribe aquí"),
        ({"f": lambda x: 1 / 0}, "error tuyo: ZeroDivisionError"),
        ({"f": lambda x: sys.exit(3)}, "error tuyo: SystemExit"),
        ({"f": lambda x: object()}, "«object»"),
        ({"f": 3}, "TypeError"),
    ],
)
def test_problems_become_spanish_sentences(names, expected):
    with answering(Notebook(**names)), pytest.raises(StudentError, match=expected):
        student.f(1)


CELLS = {  # of a notebook; what is said of its f
    "np = 3": "No encuentro `np.tanh` en tu cuaderno. Ojo: en tu cuaderno has dado otro valor a «np»; cambia ese",
    "def f(x):\n    raise NotImplementedError('Escribe')": "`f` está sin hacer todavía. Escribe",
    "def f(x):\n    'Eso.'\n    raise NotImplementedError('Escribe')\n    return x": (
        "En `f` hay código tuyo, pero se llega a f, línea 3 de su celda: «raise NotImplementedError('Escribe')»: bórr"
    ),
    "np = 3\ndef f(x):\n    return np.dot(x, x)": "Ojo: en tu cuaderno has dado otro valor a «np»; cambia ese nombre.",
    "list = [1]\ndef f(x):\n    return list(x)": "has dado otro valor a «list»",
}


@pytest.mark.parametrize("source", CELLS)
def test_what_a_cell_has_spoilt_is_named(source):
    place, names = "/nowhere/ipykernel_1/1.py", {"__name__": "__main__", "np": np}  # as ipykernel calls a cell
    linecache.cache[place] = len(source), None, source.splitlines(keepends=True), place
    exec(compile(source, place, "exec"), names)
    with answering(Notebook(**names)), pytest.raises(StudentError, match=re.escape(CELLS[source])):
        student.f(student.np.tanh if source == "np = 3" else 1)


@pytest.mark.parametrize("text", ["", "3", '{"value": 1, "x": 2}', '{"$": "dict", "v": [["problem", "x"]]}'])
def test_forged_replies_are_refused(text):
    with pytest.raises(StudentError, match="no se puede leer"):
        unpack("f", text)


class NoText(Exception):
    def __str__(self):
        raise RuntimeError


def test_an_error_without_a_text_is_told():
    def f(x):
        raise NoText

    with answering(Notebook(f=f)), pytest.raises(StudentError, match="error tuyo: NoText"):
        student.f(1)


def test_a_function_works_where_the_working_folder_is_gone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gone").mkdir()
    os.chdir("gone")
    (tmp_path / "gone").rmdir()
    with answering(Notebook(f=lambda x: 2 * x)):
        assert student.f(2) == 4


def test_stdout_has_an_encoding_during_a_question():
    with answering(Notebook(f=lambda x: len("á".encode(sys.stdout.encoding)))):
        assert student.f(1) == 2


class Repeats:
    """Answers by a formula, but for what it is asked again: the attack on `randomised` that needs no network."""

    def __init__(self, again, after=1):
        self.seen, self.again, self.after = {}, again, after

    def __call__(self, X):
        count = self.seen[X.tobytes()] = self.seen.get(X.tobytes(), 0) + 1
        return np.sum(X, axis=1) if count <= self.after else self.again(X)


def refuse(X):
    raise ValueError


@pytest.mark.parametrize("again", [refuse, lambda X: np.zeros(len(X)), lambda X: np.random.normal(0, 99, len(X))])
@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_formula_that_answers_otherwise_when_asked_again_is_found(again, after):
    X = np.random.default_rng(1).normal(0, 1, (50, 3))
    f = Repeats(again, after)
    with answering(Notebook(f=f)), pytest.raises(StudentError):
        for _ in range(3):  # a test asks often
            student.f(X)
            randomised(student.f, X)


def test_a_formula_in_a_notebook_whose_weights_cannot_be_changed_is_found(monkeypatch):
    def refuse_seeds(seed=None):
        raise RuntimeError

    X = np.random.default_rng(1).normal(0, 1, (50, 3))
    monkeypatch.setattr(np.random, "default_rng", refuse_seeds)
    with answering(Notebook(f=lambda X: X.sum(axis=1))), pytest.raises(StudentError, match="cambiar los pesos"):
        randomised(student.f, X)


def test_who_answers_alike_is_asked_again_without_harm():
    X = np.random.default_rng(1).normal(0, 1, (50, 3))
    functions = {
        "float32": lambda X: X.astype("f4") @ np.ones(3, "f4"),
        "column": lambda X: X.sum(axis=1, keepdims=True),
        "members": lambda X: np.stack([X.sum(axis=1), X.prod(axis=1)]),
        "labels": lambda X: (X[:, 0] > 0).astype(int) + 1,
        "a number": lambda X: 3.0,
        "lists": lambda X: X.tolist(),
        "texts": lambda X: ["a" if x > 0 else "b" for x in X[:, 0]],
    }
    for name, function in functions.items():
        with answering(Notebook(f=function)):
            assert len(randomised(student.f, X)) == 3, name
            assert len(randomised(student.f, 2)) == 3 if name == "a number" else True
    with answering(Notebook(f=lambda frame: frame.to_numpy().sum(axis=1))):
        assert len(randomised(student.f, pd.DataFrame(X, columns=list("abc")), draws=5)) == 5


def test_noise_is_silent(capfd):
    def noisy(x):
        print("out")
        print("err", file=sys.stderr)
        warnings.warn("careful", RuntimeWarning, stacklevel=1)
        np.log(np.zeros(1))
        return x

    with answering(Notebook(noisy=noisy)):
        assert student.noisy(4) == 4
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", [[1, 2, 3], np.ones((3, 1), "f4"), np.ones((1, 3)), (True, False, True)])
def test_numbers_takes_what_means_the_same(value):
    result = numbers(value, (3,), "f(x)")
    assert result.shape == (3,) and result.dtype == float


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None: ¿falta el `return`"),
        ("abc", "str"),
        ([[1, 2], [3]], "list"),
        (np.ones((3, 3)), r"forma \(3, 3\)"),
        ([1, 2], r"forma \(2,\)"),
        ([1, np.nan, np.inf], "2 valores que no son finitos"),
        ({"a": 1}, "dict"),
    ],
)
def test_numbers_says_what_is_wrong(value, expected):
    with pytest.raises(StudentError, match=expected):
        numbers(value, (3,), "f(x)")


def test_a_single_number():
    assert numbers([[2]], (), "f(x)") == 2
