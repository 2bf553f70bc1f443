"""The rows of the table: medians of the rounds, their ratio, the goal."""

import json
import statistics
from dataclasses import dataclass


@dataclass
class Row:
    work: str  # what is measured, with its unit
    peer: str
    gantry: float
    other: float
    at_least: float | None = None  # of the ratio gantry / other
    at_most: float | None = None

    @property
    def ratio(self):
        return self.gantry / self.other if self.other else float("inf")

    @property
    def goal(self):
        return f">= {self.at_least:.3g}" if self.at_least is not None else f"<= {self.at_most:.3g}"

    @property
    def met(self):
        return self.ratio >= self.at_least if self.at_least is not None else self.ratio <= self.at_most

    def as_json(self):
        rounded = {name: float(f"{getattr(self, name):.4g}") for name in ("gantry", "other", "ratio")}
        return {"work": self.work, "peer": self.peer, **rounded, "goal": self.goal, "met": self.met}


class Samples:
    """What the rounds have measured: side and figure to its values."""

    def __init__(self):
        self._values = {}

    def add(self, side, **figures):
        for figure, value in figures.items():
            self._values.setdefault((side, figure), []).append(value)

    def has(self, side):
        return any(known == side for known, _ in self._values)

    def median(self, side, figure):
        return statistics.median(self._values[side, figure])

    def row(self, work, figure, peer, **goal):
        return Row(f"{work}, {figure}", peer, self.median("gantry", figure), self.median(peer, figure), **goal)


HEAD = ("work", "peer", "gantry", "other", "ratio", "goal", "met")


def number(value):
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(rows):
    lines = [HEAD] + [(row.work, row.peer, number(row.gantry), number(row.other), f"{row.ratio:.2f}", row.goal,
                       "yes" if row.met else "NO") for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    right = {2, 3, 4}
    return "\n".join("  ".join(cell.rjust(width) if column in right else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


def write_json(rows, path):
    with open(path, "w") as file:
        json.dump([row.as_json() for row in rows], file, indent=1, ensure_ascii=False)
        file.write("\n")
