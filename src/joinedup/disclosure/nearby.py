"""What a cell can be near one table that fits: a person more or less in it, and in every total above it.

A proof for most cells of a rounded table at once, in whole numbers: no linear program for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from joinedup.disclosure.attack import Bounds, System, Whole, whole_point

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def near_values(system: System, low: Bounds, high: Bounds, cells: Whole) -> tuple[Whole, Whole]:
    """For each of `cells` (numbers of the system) whole numbers `first` to `last`, each of which it can be.

    Only what is proven: it can be more. From a table that fits, a person is added to (or taken from) the cell and
    every total above it, as long as each of them stays within its bounds. `first` is above `last`: nothing is proven.
    """
    from scipy.sparse import csr_array

    point = _inside(system, low, high, cells)
    if point is None or not len(cells):
        return np.ones(len(cells), dtype=np.int64), np.zeros(len(cells), dtype=np.int64)
    more, less = high - point, point - low
    up = (system.matrix < 0).T.astype(np.int64) @ (system.matrix > 0).astype(np.int64)
    parts, room = _parts(system.matrix), np.minimum(more + less, 1_000)
    starts = [_lowest(parts, int(cell), room) for cell in cells]
    ones = np.ones(len(cells), dtype=np.int64)
    moved = csr_array((ones, (np.arange(len(cells)), starts)), shape=(len(cells), len(point)))
    while (further := _union(moved, moved @ up)).nnz > moved.nnz:
        moved = further
    moved.sort_indices()
    kept = np.asarray(abs(system.matrix @ moved.T).sum(axis=0)).ravel() == 0
    above = np.minimum.reduceat(np.minimum(more, 1_000)[moved.indices], moved.indptr[:-1])
    below = np.minimum.reduceat(less[moved.indices], moved.indptr[:-1])
    own = point[cells]
    first, last = own - np.where(kept, below, 0), own + np.where(kept, above, 0)
    return first.astype(np.int64), last.astype(np.int64)


def _union(one: csr_array, other: csr_array) -> csr_array:
    found = (one + other).tocsr()
    found.data[:] = 1
    return found


def _inside(system: System, low: Bounds, high: Bounds, cells: Whole) -> Whole | None:
    """A table that fits, with as few cells as can be within a person of a bound; `cells` and totals before others. None: none found."""
    from scipy.sparse import hstack

    wide = np.flatnonzero(high - low >= 2)
    inner_low, inner_high = low.copy(), np.minimum(high, _roof(low, high))
    inner_low[wide] += 1
    inner_high[wide] -= 1
    matters = (system.matrix > 0).sum(axis=0) > 0
    matters[cells] = True
    price = np.where(matters[wide], 4.0, 1.0)
    outward = system.matrix.tocsc()[:, wide]
    zeros, ones = np.zeros(2 * len(wide)), np.ones(2 * len(wide))
    found = whole_point(
        np.concatenate([np.zeros(len(low)), price, price]),
        hstack([system.matrix, outward, -outward]).tocsr(),
        np.zeros(system.matrix.shape[0], dtype=np.int64),
        np.concatenate([inner_low, zeros]),
        np.concatenate([inner_high, ones]),
    )
    if found is None:
        return None
    point = found[: len(low)]
    point[wide] += found[len(low) : len(low) + len(wide)] - found[len(low) + len(wide) :]
    return point


def _roof(low: Bounds, high: Bounds) -> float:
    """More persons than anything bounded holds."""
    return float(low.sum() + high[np.isfinite(high)].sum()) + 1_000


def _lowest(parts: Mapping[int, Whole], cell: int, room: Bounds) -> int:
    """A cell at the bottom below `cell`, always by the part with the most room."""
    while cell in parts:
        cell = int(parts[cell][np.argmax(room[parts[cell]])])
    return cell


def _parts(matrix: csr_array) -> dict[int, Whole]:
    """The parts of each total, by its first sum."""
    found: dict[int, Whole] = {}
    for start, end in pairwise(matrix.indptr):
        inside, signs = matrix.indices[start:end], matrix.data[start:end]
        found.setdefault(int(inside[signs > 0][0]), inside[signs < 0])
    return found
