"""Unit and period effects taken out of columns over weighted cells, without a matrix of unit indicators."""

from __future__ import annotations

import numpy as np

from joinedup.impact.fitting import Array
from joinedup.impact.weighted_cells import Index, WeightedCells, add_up

_NOTHING = 1e-10


class Effects:
    """Unit effects go by weighted means, period effects by an orthonormal basis of what units leave of them.

    `root` is the square root of the weights. Vectors go in and come out multiplied by it.
    """

    def __init__(self, sample: WeightedCells) -> None:
        self._unit: Index = sample.unit
        self._size = len(sample.units)
        self.root: Array = np.sqrt(sample.weight)
        self._total = add_up(sample.weight[:, None], sample.unit, self._size)
        indicators = (sample.period[:, None] == np.arange(1, len(sample.periods))).astype(float)
        self.basis: Array = _basis(self.within_units(indicators * self.root[:, None]))

    def within_units(self, vectors: Array) -> Array:
        """`vectors` (cells x k) less the weighted mean of their unit."""
        means = add_up(vectors * self.root[:, None], self._unit, self._size) / self._total
        found: Array = vectors - means[self._unit] * self.root[:, None]
        return found

    def __call__(self, vectors: Array) -> Array:
        """The part of `vectors` (cells x k) that the effects do not explain."""
        left = self.within_units(vectors)
        found: Array = left - self.basis @ (self.basis.T @ left)
        return found


def _basis(columns: Array) -> Array:
    """Orthonormal columns with the same span; units seen in different periods can leave `columns` dependent.

    By the eigenvectors of the cross products, twice: the second round takes out what the first left unorthogonal, and both
    cost less than a QR with pivots.
    """
    size = np.sqrt(np.einsum("ck,ck->k", columns, columns))
    found: Array = columns[:, size > 0] / size[size > 0]
    for _ in range(2):
        values, vectors = np.linalg.eigh(found.T @ found)
        kept = values > _NOTHING * max(values[-1], 1.0) if len(values) else np.zeros(0, dtype=bool)
        found = found @ (vectors[:, kept] / np.sqrt(values[kept]))
    return found
