"""What crosses between notebook and tests, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from grader.questions import wire


def cross(value, resolve=None):
    return wire.loads(wire.dumps(value), resolve)


@pytest.mark.parametrize("value", [None, True, 3, -(2**80), 1.5, "ñ", [1, [2.0, "x"]], {"a": [1], 2: None}])
def test_plain_values_cross_unchanged(value):
    result = cross(value)
    assert result == value and type(result) is type(value)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i8", "u1", "?", ">f8"])
def test_arrays_keep_shape_and_values(dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    result = cross(array[:, ::2])
    np.testing.assert_array_equal(result, array[:, ::2])
    assert result.flags.writeable


def test_floats_that_json_lacks():
    low, high, nan = cross([-np.inf, float("inf"), np.float64("nan")])
    assert low == -np.inf and high == np.inf and nan != nan


def test_tuples_iterators_series_and_numpy_scalars_become_plain():
    assert cross((1, np.int64(2))) == [1, 2]
    assert cross(iter(range(3))) == [0, 1, 2]
    assert cross(np.float32(0.5)) == 0.5
    np.testing.assert_array_equal(cross(pd.Series([1.0, 2.0])), [1.0, 2.0])


def test_questions_may_hold_frames_generators_and_names():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    pd.testing.assert_frame_equal(cross(frame, resolve=str), frame)
    generator = np.random.default_rng(5)
    generator.random(3)
    assert cross(generator, resolve=str).random() == generator.random()
    assert cross(wire.Name("np.tanh"), resolve=lambda name: name.upper()) == "NP.TANH"


@pytest.mark.parametrize("form", [{"$": "name", "v": "os.system"}, {"$": "frame", "columns": []}])
def test_answers_may_not(form):
    with pytest.raises(wire.WireError):
        wire.loads(json.dumps(form))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "NaN",
        '{"$": "pickle", "v": "gA=="}',
        '{"$": "array", "dtype": "|O", "shape": [1], "v": ""}',
        '{"$": "array", "dtype": "<f8", "shape": [-1], "v": ""}',
        '{"$": "array", "dtype": "<f8", "shape": [1000000000000], "v": "AAAA"}',
        '{"$": "array", "dtype": "<f8", "shape": [true], "v": "AAAAAAAAAAA="}',
        '{"$": "array", "dtype": ["<f8"], "shape": [1], "v": "AAAAAAAAAAA="}',
        '{"$": "float", "v": "1"}',
        '{"$": "dict", "v": [[[], 1]]}',
        '{"$": "dict", "v": [1]}',
        '{"no": 1}',
        "[" * 50 + "]" * 50,
        "[" * 100_000,
    ],
)
def test_malformed_messages_are_refused(text):
    with pytest.raises(wire.WireError):
        wire.loads(text)


def test_what_is_not_data_is_refused_with_its_type():
    with pytest.raises(wire.WireError, match="Exception"):
        wire.dumps(Exception())
    with pytest.raises(wire.WireError, match="complex"):
        wire.dumps(np.ones(2, complex))


def test_size_is_capped(monkeypatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 1000)
    with pytest.raises(wire.WireError, match="grande"):
        wire.dumps(np.zeros(500))
    with pytest.raises(wire.WireError, match="1000"):
        wire.loads(" " * 2000)
    monkeypatch.setattr(wire, "MAX_ITEMS", 10)
    with pytest.raises(wire.WireError, match="bucle"):
        wire.dumps(iter(int, 1))
