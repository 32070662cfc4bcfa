"""Random hierarchical tables, and an attacker of its own on them who knows the rule.

The attacker knows nothing of the gate's systems of cells: every printed cell is a sum of atoms (the groups at the bottom
of every hierarchy), and what a printed cell may have been is found by publishing every number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from joinedup.disclosure import CountTable, Profile

MOST = 2_000
"""More persons than any cell of these tables holds; the attacker's programs look no further."""
COUNTS = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 40))
Tree = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class AnyTable:
    """A table of counts with its totals: `forms` says for each printed cell (row by row) which atoms it sums."""

    table: CountTable
    forms: np.ndarray
    above: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        return np.asarray(self.table.counts.to_numpy(dtype=np.int64).ravel())


def leaves(label: str, tree: Tree) -> tuple[str, ...]:
    return tuple(leaf for part in tree[label] for leaf in leaves(part, tree)) if label in tree else (label,)


def tree_of(draw: Any, name: str, most: int) -> Tree:
    """A total of 2 to `most` parts, some of which are totals themselves: two or three levels."""
    top = [f"{name}{n}" for n in range(draw(st.integers(2, most)))]
    tree: dict[str, tuple[str, ...]] = {f"all {name}": tuple(top)}
    for label in top[: draw(st.integers(0, 2))]:
        tree[label] = tuple(f"{label}.{n}" for n in range(draw(st.integers(1, most))))
    return tree


@st.composite
def any_table(draw: Any, dimensions: int, most: int) -> AnyTable:
    """1 to `dimensions` variables, the first of which tells authorities apart; `most` parts of a total."""
    names = ["site", "answer", "wave"][: draw(st.integers(1, dimensions))]
    trees = {name: tree_of(draw, name, most) for name in names}
    bottom = {name: leaves(f"all {name}", tree) for name, tree in trees.items()}
    labels = {name: [*bottom[name], *reversed(tree)] for name, tree in trees.items()}
    atoms = list(product(*bottom.values()))
    counts = np.array(draw(st.lists(COUNTS, min_size=len(atoms), max_size=len(atoms))))
    cells = list(product(*labels.values()))
    below = [[set(leaves(label, trees[name])) for name, label in zip(names, cell, strict=True)] for cell in cells]
    forms = np.array(
        [[all(a in b for a, b in zip(atom, of, strict=True)) for atom in atoms] for of in below], dtype=int
    )
    frame = pd.DataFrame((forms @ counts).reshape(len(labels["site"]), -1), index=pd.Index(labels["site"], name="site"))
    if len(names) > 1:
        frame.columns = (
            pd.MultiIndex.from_product([labels[name] for name in names[1:]], names=names[1:])
            if len(names) > 2
            else pd.Index(labels["answer"], name="answer")
        )
    above = np.array([cell[0] in trees["site"] for cell in cells])
    return AnyTable(CountTable(frame if len(names) > 1 else frame[0], trees), forms, above)


def published_as(count: int, above: bool, rule: Profile) -> set[object]:
    """Everything that the rule may print of a count: a number, or a mark that may also stand for any other count."""
    base = rule.base_above if above else rule.base
    number = int(np.floor(count / base + 0.5)) * base
    if 1 <= count <= rule.threshold:
        return {rule.mark}
    return {number, rule.mark} if rule.secondary else {number}


def ranges(printed: np.ndarray, above: np.ndarray, rule: Profile) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest number behind each printed cell, by publishing every number up to MOST."""
    could = {
        (shown, up): [n for n in range(MOST + 1) if shown in published_as(n, up, rule)]
        for shown, up in {(shown, bool(up)) for shown, up in zip(printed, above, strict=True)}
    }
    found = [could[shown, bool(up)] for shown, up in zip(printed, above, strict=True)]
    return np.array([min(one) for one in found]), np.array([max(one) for one in found])


class Attacker:
    """Who knows the printed cells, the hierarchy and the rule, and looks for every table that fits."""

    def __init__(self, table: AnyTable, printed: np.ndarray, rule: Profile) -> None:
        self.forms = table.forms
        self.low, self.high = ranges(printed, table.above, rule)

    def completion(self, objective: np.ndarray) -> np.ndarray | None:
        """The printed cells' numbers in a table that fits, with least `objective` over them; None where none does."""
        found = milp(
            objective @ self.forms,
            integrality=np.ones(self.forms.shape[1]),
            bounds=Bounds(0, MOST),
            constraints=LinearConstraint(self.forms, self.low, self.high),
        )
        if found.x is None:
            return None
        cells = self.forms @ np.rint(found.x).astype(int)
        assert ((cells >= self.low) & (cells <= self.high)).all()
        return np.asarray(cells)

    def could_be(self, cells: np.ndarray, enough: int = 3) -> dict[int, set[int]]:
        """For each of `cells`, numbers that it could be: at least `enough`, or every one."""
        draw, seen = np.random.default_rng(7), []
        for turn in range(6):
            weights = draw.normal(size=len(self.forms)) if turn > 1 else np.ones(len(self.forms)) * (1 - 2 * turn)
            point = self.completion(np.where(np.isin(np.arange(len(self.forms)), cells), weights, 0))
            assert point is not None, "what is printed fits no table at all"
            seen.append(point)
        found = {int(cell): {int(point[cell]) for point in seen} for cell in cells}
        return {cell: some if len(some) >= enough else self._every(cell, enough) for cell, some in found.items()}

    def _every(self, cell: int, enough: int) -> set[int]:
        sign = np.zeros(len(self.forms))
        sign[cell] = 1
        least, greatest = self.completion(sign), self.completion(-sign)
        assert least is not None and greatest is not None
        found, low, high = {int(least[cell]), int(greatest[cell])}, self.low[cell], self.high[cell]
        for between in range(least[cell] + 1, greatest[cell]):
            if len(found) >= enough:
                break
            self.low[cell] = self.high[cell] = between
            found |= {between} if self.completion(sign) is not None else set()
            self.low[cell], self.high[cell] = low, high
        return found

    def _options(self, most: int) -> list[range]:
        """What each atom can be by its own printed cell and the totals above it, up to `most` where it is hidden."""
        found = []
        for atom in range(self.forms.shape[1]):
            inside = self.forms[:, atom] > 0
            own = int(np.flatnonzero(inside & (self.forms.sum(axis=1) == 1))[0])
            least = int(self.low[own])
            found.append(range(least, int(min(max(most, least), self.high[inside].min())) + 1))
        return found

    def tables_to_try(self, most: int) -> float:
        """How many tables `by_trying` goes through."""
        return float(np.prod([float(len(option)) for option in self._options(most)]))

    def by_trying(self, most: int) -> np.ndarray:
        """Every table that fits with hidden atoms of up to `most` persons: a row each, the printed cells' numbers."""
        grids = np.meshgrid(*self._options(most), indexing="ij")
        cells = np.stack([grid.ravel() for grid in grids], axis=1) @ self.forms.T
        return np.asarray(cells[((cells >= self.low) & (cells <= self.high)).all(axis=1)])
