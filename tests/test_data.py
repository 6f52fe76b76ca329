"""The wine data: reproducible, split cleanly, and the lecture deck's own table on top."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_wine

ROOT = Path(__file__).resolve().parents[1]
STUDENTS = ROOT / "source/es/wine/wine_shuffled.data"
HIDDEN = ROOT / "data/hidden/wine_hidden.csv"

# Typed from the deck's last slide, apart from the script: columns Cultivator to Proanthocyanins.
DECK = """
2 13.49 1.66 2.24 24.0  87 1.88 1.84 0.27 1.03
3 12.86 1.35 2.32 18.0 122 1.51 1.25 0.21 0.94
3 12.70 3.55 2.36 21.5 106 1.70 1.20 0.17 0.84
3 13.32 3.24 2.38 21.5  92 1.93 0.76 0.45 1.25
3 12.25 3.88 2.20 18.5 112 1.38 0.78 0.29 1.14
1 14.75 1.73 2.39 11.4  91 3.10 3.69 0.43 2.81
2 11.66 1.88 1.92 16.0  97 1.61 1.57 0.34 1.15
2 12.08 1.33 2.30 23.6  70 2.20 1.59 0.42 1.38
2 11.84 0.89 2.58 18.0  94 2.20 2.21 0.22 2.35
3 12.53 5.51 2.64 25.0  96 1.79 0.60 0.63 1.10
2 11.45 2.40 2.42 20.0  96 2.90 2.79 0.32 1.83
2 12.37 1.13 2.16 19.0  87 3.50 3.10 0.19 1.87
3 13.84 4.12 2.38 19.5  89 1.80 0.83 0.48 1.56
1 14.06 2.15 2.61 17.6 121 2.60 2.51 0.31 1.25
2 12.33 1.10 2.28 16.0 101 2.05 1.09 0.63 0.41
"""
HEADER = [
    "Cultivator",
    "Alchol",
    "Malic_Acid",
    "Ash",
    "Alcalinity_of_Ash",
    "Magnesium",
    "Total_phenols",
    "Falvanoids",
    "Nonflavanoid_phenols",
    "Proanthocyanins",
    "Color_intensity",
    "Hue",
    "OD280",
    "Proline",
]


@pytest.fixture(scope="module")
def students():
    df = pd.read_csv(STUDENTS)
    return df.loc[:, ~df.columns.str.contains("^Unnamed")]  # the deck's own line


@pytest.fixture(scope="module")
def hidden():
    return pd.read_csv(HIDDEN)


def test_script_makes_the_committed_files_again(tmp_path):
    spec = importlib.util.spec_from_file_location("make_wine", ROOT / "data/make_wine.py")
    make_wine = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_wine)
    make_wine.main(tmp_path)
    for path in (STUDENTS, HIDDEN):
        assert (tmp_path / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name


def test_headers_are_the_decks(students, hidden):
    assert pd.read_csv(STUDENTS).columns.tolist() == ["Unnamed: 0", *HEADER]
    assert students.columns.tolist() == HEADER
    assert hidden.columns.tolist() == HEADER


def test_number_types_are_the_decks(students, hidden):
    for df in (students, hidden):
        integers = {name for name, dtype in df.dtypes.items() if dtype.kind == "i"}
        assert integers == {"Cultivator", "Magnesium", "Proline"}


def test_first_rows_are_the_decks(students):
    deck = np.array([line.split() for line in DECK.split("\n") if line], dtype=float)
    assert deck.shape == (15, 10)
    assert students.iloc[:15, :10].to_numpy().tolist() == deck.tolist()


def test_parts_are_disjoint(students, hidden):
    assert not rows(students) & rows(hidden)
    assert len(rows(students)) == len(students) == 142
    assert len(rows(hidden)) == len(hidden) == 36


def test_parts_together_are_load_wine(students, hidden):
    features, labels = load_wine(return_X_y=True)
    expected = {(label + 1, *row) for row, label in zip(features.tolist(), labels.tolist(), strict=True)}
    assert len(expected) == 178
    assert rows(students) | rows(hidden) == expected


def test_hidden_part_is_stratified(students, hidden):
    both = pd.concat([students, hidden])
    for cultivator, count in both["Cultivator"].value_counts().items():
        held_out = (hidden["Cultivator"] == cultivator).sum()
        assert abs(held_out - count * len(hidden) / len(both)) < 1, cultivator


def test_order_does_not_give_the_cultivators_away(students, hidden):
    for df in (students, hidden):
        changes = np.count_nonzero(np.diff(df["Cultivator"]))
        assert changes > len(df) / 3, "the wines of one cultivator stand together"


def rows(df):
    """Return the rows as a set of tuples: no two wines of the data are the same."""
    return {tuple(row) for row in df.to_numpy(dtype=float).tolist()}
