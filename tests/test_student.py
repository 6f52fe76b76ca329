"""The local form of `student`: finding, calling and saying clearly what is wrong."""

import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from grader import numbers, student
from grader.student import StudentError, answer, answering, question, unpack


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


@pytest.mark.parametrize("text", ["", "3", '{"value": 1, "x": 2}', '{"$": "dict", "v": [["problem", "x"]]}'])
def test_forged_replies_are_refused(text):
    with pytest.raises(StudentError, match="no se puede leer"):
        unpack("f", text)


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
