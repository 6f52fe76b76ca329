"""Classifiers that classify nothing: constants, tables of answers, forged networks; all in one class of `wine`."""

import csv
import json

import pytest

from .course import ROOT, Graded, command, full_points, hand_in, new_course, solved

ASSIGNMENT = "wine"
FULL = full_points(ASSIGNMENT)
PREDICT = {"predict-any-table-test", "predict-f1-test"}
NO_NETWORK = (
    "network = history = None\nX, t = load_wines('wine_shuffled.data')\ntrain_rows = test_rows = np.arange(len(t))"
)
CONSTANT = "def predict_cultivator(df):\n    return np.full(len(df), 2)"
MEMORISED = """
from sklearn.datasets import load_wine
_features, _labels = load_wine(return_X_y=True)
_table = {tuple(np.round(row, 3)): label + 1 for row, label in zip(_features, _labels)}

def predict_cultivator(df):
    return np.array([_table.get(tuple(np.round(row, 3)), 2) for row in df[FEATURES].to_numpy(float)])
"""
FORGED = """
class Labels(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

def predict_cultivator(df):
    return np.full(len(df), 2).view(Labels)

import keras, sklearn.metrics
keras.Model.evaluate = lambda *a, **k: [0.0, 1.0]
keras.metrics.Accuracy.result = keras.metrics.F1Score.result = lambda self: 1.0
sklearn.metrics.f1_score = sklearn.metrics.accuracy_score = lambda *a, **k: 1.0
np.sum = np.mean = lambda *a, **k: 1.0
"""
SEARCH = """
import glob, json, os
asked = []
def predict_cultivator(df):
    asked.append(sorted(map(str, df.columns)))
    files = [p for p in glob.glob("/scratch/**/*", recursive=True) + glob.glob("/tmp/**/*", recursive=True)]
    rows = open("{root}/data/hidden/wine_hidden.csv").read()
    return np.array([int(line.split(",")[-1]) for line in rows.split()[1:]])
"""
LOOK = """
found = [os.path.join(top, name) for top, _, names in os.walk("/scratch") for name in names]
print("FOUND " + json.dumps([found, sorted(set(sum(asked, []))), os.environ.get("GRADER_HIDDEN_DATA")]))
"""
ATTACKS = {
    "constant": {"network": NO_NETWORK, "predict-cultivator": CONSTANT},
    "memorised": {"network": NO_NETWORK, "predict-cultivator": MEMORISED},
    "forged": {"network": NO_NETWORK, "predict-cultivator": FORGED},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("wines"), [ASSIGNMENT])
    hand_in(course, "honest", ASSIGNMENT, solved(ASSIGNMENT))
    for name, cells in ATTACKS.items():
        hand_in(course, name, ASSIGNMENT, solved(ASSIGNMENT, cells))
    search = {"network": NO_NETWORK, "predict-cultivator": SEARCH.replace("{root}", str(course.root))}
    hand_in(course, "search", ASSIGNMENT, solved(ASSIGNMENT, search, last=LOOK))
    done = command("grader", "autograde", folder=course.root)
    command("nbgrader", "generate_feedback", ASSIGNMENT, folder=course.root)
    return Graded(course, {}, done.stdout)


def test_who_trains_a_network_gets_all(graded):
    assert graded.points(ASSIGNMENT, "honest") == FULL, graded.verdicts(ASSIGNMENT, "honest")


@pytest.mark.parametrize("student", [*ATTACKS, "search"])
def test_no_points_for_predicting_without_learning(graded, student):
    expected = {test: 0 if test in PREDICT else full for test, full in FULL.items()}
    assert graded.points(ASSIGNMENT, student) == expected, graded.verdicts(ASSIGNMENT, student)


def test_the_held_out_wines_are_out_of_reach(graded):
    said = graded.said(ASSIGNMENT, "search")
    [line] = [line for line in said.split("\n") if line.startswith("FOUND ")]
    files, columns, place = json.loads(line[6:])
    assert {path.rsplit("/", 1)[-1] for path in files if "/notebook/" in path} == {"wine_shuffled.data"}
    assert columns and "Cultivator" not in columns and place is None
    assert "FileNotFoundError" in dict(graded.verdicts(ASSIGNMENT, "search"))["predict-f1-test"][1]


@pytest.mark.parametrize("student", ["honest", *ATTACKS, "search"])
def test_no_label_of_a_held_out_wine_is_shown(graded, student):
    with (ROOT / "data" / "hidden" / "wine_hidden.csv").open(newline="") as file:
        rows = [",".join(row) for row in csv.reader(file)][1:]
    assert len(rows) == 36
    for text in (graded.said(ASSIGNMENT, student), graded.feedback(ASSIGNMENT, student)):
        assert not [row for row in rows if row in text]
