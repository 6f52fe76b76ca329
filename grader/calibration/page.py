"""What a calibration has found: intervals, confusion matrices, margins, plots."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import binomtest

KINDS = {"right": "#0072B2", "wrong": "#D55E00"}  # and their colours in plots

MATRIX = """\
# How often is the grader wrong?

Written by `grader calibrate`: it grades every submission of `outcomes/` with many seeds, in the real sandbox
and with the real hidden tests. A run executes and grades the cells that its submission has a part in, and their needs.
Each graded cell of a run counts once: it deserves its points or not, whatever else the submission gets wrong.

| assignment | right, full points | right, but denied | wrong, denied | wrong, but full points |
|---|---|---|---|---|"""
MARGINS = """
`summary.csv` has each graded cell, with the Wilson 95 % interval of its rate of misjudgement (`low`, `high`);
`runs.csv` has every run.

## Targets and margins

The hidden target, the median and the worst value of cells that deserve the points, and the nearest value of a cell that
fails by this measure.

| cell | measure | hidden target | right: median | right: worst | wrong: nearest |
|---|---|---|---|---|---|"""


def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a rate, `count` of `n` (Wilson 1927)."""
    interval = binomtest(count, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


class Measure:
    """What a hidden test measured ("MSE", ...) of right and of wrong cells, {kind: values}, and its target."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.target: float | None = None

    def add(self, kind: str, value: float, target: float) -> None:
        """Note one more value."""
        self.values[kind].append(value)
        self.target = target

    def margin(self) -> tuple[str, float | None, float | None, float | None]:
        """Return (sign, median right, worst right, nearest wrong): on which side of the target ("≤" or "≥") right
        values are, and the values of either kind that come nearest to it from their own side (None if none does)."""
        right, wrong = (np.array(self.values[kind]) for kind in KINDS)
        below = not right.size or np.median(right) <= self.target
        worst, nearest = (np.max, np.min) if below else (np.min, np.max)
        failing = wrong[wrong > self.target] if below else wrong[wrong < self.target]
        return (
            "≤" if below else "≥",
            np.median(right) if right.size else None,
            worst(right) if right.size else None,
            nearest(failing) if failing.size else None,
        )


def page(rows: Iterable[Sequence[Any]], measures: Mapping[tuple[str, str], Mapping[str, Measure]]) -> str:
    """Return the Markdown page of a calibration.

    rows: of summary.csv; measures: {(assignment, grade_id): {name: Measure}}.
    """
    lines = [MATRIX]
    matrices: defaultdict[str, dict[str, list[int]]] = defaultdict(lambda: {kind: [0, 0] for kind in KINDS})
    for assignment, _, kind, runs, misjudged, *_ in rows:
        matrices[assignment][kind][0] += runs - misjudged
        matrices[assignment][kind][1] += misjudged
    for assignment, matrix in matrices.items():
        (given, denied), (refused, granted) = matrix["right"], matrix["wrong"]
        lines.append(f"| `{assignment}` | {given} | {denied} | {refused} | {granted} |")
    lines.append(MARGINS)
    for (assignment, grade_id), of_cell in measures.items():
        for name, measure in of_cell.items():
            sign, *values = measure.margin()
            figures = " | ".join("-" if value is None else f"{value:.3g}" for value in values)
            lines.append(f"| `{assignment}` `{grade_id}` | {name} | {sign} {measure.target:g} | {figures} |")
    lines += ["", *(f"![{' '.join(cell)}]({'-'.join(cell)}.png)" for cell in measures)]
    return "\n".join(lines) + "\n"


def plot(path: Path, title: str, measures: Mapping[str, Measure]) -> None:
    """Draw the values that right and wrong cells reached, and the hidden target, for each of {name: Measure}."""
    figure, panels = plt.subplots(len(measures), figsize=(6, 2 * len(measures)), layout="constrained", squeeze=False)
    figure.suptitle(title, fontsize=11)
    rng = np.random.default_rng(0)  # only spreads the dots
    for axes, (name, measure) in zip(panels[:, 0], measures.items(), strict=True):
        everything = np.concatenate([*measure.values.values(), [measure.target]])
        if everything.min() > 0 and everything.max() / everything.min() > 50:
            axes.set_xscale("log")
        for row, (kind, colour) in enumerate(KINDS.items()):
            values = measure.values[kind]
            axes.scatter(values, row + rng.uniform(-0.25, 0.25, len(values)), s=9, alpha=0.5, color=colour)
        axes.axvline(measure.target, color="black", linestyle="--", linewidth=1)
        axes.set(xlabel=f"{name} (dashed: hidden target {measure.target:g})", ylim=(1.5, -0.5), yticks=[0, 1])
        axes.set_yticklabels([f"{kind} ({len(values)})" for kind, values in measure.values.items()])
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=80)
    plt.close(figure)
