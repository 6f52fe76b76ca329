"""Whatever a notebook answers, a hidden test fails: it never breaks, and never gives points to what is no answer."""

import random
from collections import Counter

import numpy as np
import pytest

from grader.data import HIDDEN
from grader.notebooks.tests import is_test
from grader.questions import wire
from grader.questions.student import StudentError, unpack
from grader.verdict import judge

from .course import ASSIGNMENTS, ROOT, fuzz_seeds, notebook


def plain_values(rng):
    """Return a value that a notebook can answer, of any kind and shape but the right one."""
    n = rng.choice([0, 1, 2, 3, 7, 160, 300, 2000])
    shape = rng.choice([(), (n,), (n, 1), (1, n), (n, 2), (2, n), (n, 3), (3, n), (0, 3), (1, 1, 1), (2, 2, 2)])
    dtype = rng.choice(["f8", "f4", "f2", "i8", "u1", "b1"])
    values = np.random.default_rng(rng.randrange(10**6)).normal(0, 10 ** rng.uniform(-300, 4), shape)
    array = np.asarray(values).astype(dtype) if dtype[0] == "f" else np.asarray(values > 0).astype(dtype)
    odd = float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 5e-324, 10**400, -(10**30), 2**64, 0, -1, 1, True
    texts = "", "x", "nan", "1", "barolo", "á" * 1000, "%s {} \\n", "\x1b[31m", "{0.__class__}", "\ud800"
    return rng.choice(
        [
            None,
            rng.choice(odd),
            rng.choice(texts),
            array,
            np.full(shape, rng.choice(odd[:3]), "f8"),
            array.tolist(),
            [array.tolist()] * 3,
            (array, None),
            [[], [1], [1, 2]],
            [rng.choice(odd) for _ in range(4)],
            [rng.choice(texts) for _ in range(n)],
            {"MSE": rng.choice(odd), 1: array},
            {},
            [],
            [None] * n,
            [[1, "x"], [2.0, None]],
        ]
    )


class Fuzz:
    """A notebook that answers each question by another odd value, the same one always, or what it was asked with."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.way = self.rng.choice(["any", "any", "same", "echo", "sometimes"])
        self.same = plain_values(self.rng)

    def ask(self, path, args, kwargs, seed=None):
        value = plain_values(self.rng) if self.way in ("any", "sometimes") else self.same
        plain = [arg for arg in args or () if not isinstance(arg, (wire.Name, np.random.Generator))]
        if plain and (self.way == "echo" or (self.way == "sometimes" and self.rng.random() < 0.5)):
            value = self.rng.choice(plain)
        try:
            text = wire.dumps({"value": value}, frames=False)
        except (wire.WireError, UnicodeError, OverflowError) as error:
            raise StudentError(f"`{path}` no ha devuelto datos que se puedan corregir: {error}.") from None
        return unpack(path, text)


@pytest.fixture(scope="module", autouse=True)
def hidden_data():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HIDDEN, str(ROOT / "data" / "hidden"))
        yield


@pytest.mark.parametrize("seed", fuzz_seeds(1, 2, 3))  # each is another choice of all answers
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_odd_answer_breaks_a_test_or_passes(assignment, seed):
    cells = [cell for cell in notebook("source", assignment).cells if is_test(cell)]
    kinds = Counter()
    for n in range(12):
        for cell in cells:
            outputs = judge(cell, Fuzz(f"{seed} {n} {cell.metadata.nbgrader.grade_id}"))
            said = f"{assignment} {cell.metadata.nbgrader.grade_id}, seed {seed}, {n}: {outputs}"
            assert outputs, f"{said}: full points"
            kinds[outputs[0].get("ename")] += 1
            assert outputs[0].get("ename") in ("Respuesta", "Comprobación"), said
            assert len(outputs[0].evalue) < 3000, said
    assert sum(kinds.values()) == 12 * len(cells) > 0
