"""Make the two parts of the wine data from scikit-learn's copy of the UCI data: `python data/make_wine.py`.

source/es/wine/wine_shuffled.data   the students' file: 142 wines, the lecture deck's header and first rows
data/hidden/wine_hidden.csv         the other 36, a stratified fifth, for the hidden tests

The order comes from a hash and not from a random generator, so that the files are the same, byte for
byte, with every version of Python, NumPy and pandas.
"""

import hashlib
import sys
from pathlib import Path

from sklearn.datasets import load_wine

STUDENTS_FILE = "source/es/wine/wine_shuffled.data"
HIDDEN_FILE = "data/hidden/wine_hidden.csv"
HIDDEN_SHARE = 0.2

# The deck's spelling, in the order of load_wine's columns.
COLUMNS = [
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
INTEGERS = {"Magnesium", "Proline"}

# Cultivator and the nine measurements that the deck shows of its first 15 wines.
DECK = [
    (2, 13.49, 1.66, 2.24, 24.0, 87, 1.88, 1.84, 0.27, 1.03),
    (3, 12.86, 1.35, 2.32, 18.0, 122, 1.51, 1.25, 0.21, 0.94),
    (3, 12.70, 3.55, 2.36, 21.5, 106, 1.70, 1.20, 0.17, 0.84),
    (3, 13.32, 3.24, 2.38, 21.5, 92, 1.93, 0.76, 0.45, 1.25),
    (3, 12.25, 3.88, 2.20, 18.5, 112, 1.38, 0.78, 0.29, 1.14),
    (1, 14.75, 1.73, 2.39, 11.4, 91, 3.10, 3.69, 0.43, 2.81),
    (2, 11.66, 1.88, 1.92, 16.0, 97, 1.61, 1.57, 0.34, 1.15),
    (2, 12.08, 1.33, 2.30, 23.6, 70, 2.20, 1.59, 0.42, 1.38),
    (2, 11.84, 0.89, 2.58, 18.0, 94, 2.20, 2.21, 0.22, 2.35),
    (3, 12.53, 5.51, 2.64, 25.0, 96, 1.79, 0.60, 0.63, 1.10),
    (2, 11.45, 2.40, 2.42, 20.0, 96, 2.90, 2.79, 0.32, 1.83),
    (2, 12.37, 1.13, 2.16, 19.0, 87, 3.50, 3.10, 0.19, 1.87),
    (3, 13.84, 4.12, 2.38, 19.5, 89, 1.80, 0.83, 0.48, 1.56),
    (1, 14.06, 2.15, 2.61, 17.6, 121, 2.60, 2.51, 0.31, 1.25),
    (2, 12.33, 1.10, 2.28, 16.0, 101, 2.05, 1.09, 0.63, 0.41),
]


def all_wines():
    """Return load_wine's 178 wines in its order, as tuples (cultivator 1 to 3, then the 13 measurements)."""
    features, labels = load_wine(return_X_y=True)
    return [
        (int(label) + 1, *(int(v) if c in INTEGERS else float(v) for c, v in zip(COLUMNS, row, strict=True)))
        for row, label in zip(features, labels, strict=True)
    ]


def split(wines):
    """Return (students, hidden), two lists of wines: the deck's 15 first in `students`, the rest shuffled."""
    shuffled = sorted(range(len(wines)), key=lambda n: hashlib.sha256(f"wine {n}".encode()).digest())
    shuffled = [wines[n] for n in shuffled]
    deck = [_find(wines, shown) for shown in DECK]
    hidden = []
    for cultivator in (1, 2, 3):
        wanted = round(HIDDEN_SHARE * sum(wine[0] == cultivator for wine in wines))
        hidden += [wine for wine in shuffled if wine[0] == cultivator and wine not in deck][:wanted]
    hidden = [wine for wine in shuffled if wine in hidden]
    return deck + [wine for wine in shuffled if wine not in deck and wine not in hidden], hidden


def _find(wines, shown):
    """Return the one wine that starts with the values `shown`."""
    found = [wine for wine in wines if wine[: len(shown)] == shown]
    if len(found) != 1:
        raise ValueError(f"{len(found)} wines in load_wine look like the deck's {shown}")
    return found[0]


def to_csv(wines, index):
    """Return the wines as CSV text; index: put the row number first, in a column without a name."""
    lines = [",".join([""] * index + ["Cultivator", *COLUMNS])]
    lines += [",".join(map(str, (n, *wine) if index else wine)) for n, wine in enumerate(wines)]
    return "\n".join(lines) + "\n"


def main(root):
    """Write both files below `root`, the course folder or any other."""
    students, hidden = split(all_wines())
    for name, text in ((STUDENTS_FILE, to_csv(students, True)), (HIDDEN_FILE, to_csv(hidden, False))):
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
