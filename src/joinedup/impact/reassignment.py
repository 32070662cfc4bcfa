"""The statistic of the two-way coefficient under any assignment, without refitting.

With e_s the treated periods of unit s free of its own effect, Q an orthonormal basis of the other effects and covariates,
q_s = Q'e_s and r = sum_s z_s q_s, the assignment z has the treatment d = sum_s z_s e_s - Q r: its square is
sum_s z_s e_s'e_s - r'r, and on unit g it is z_g e_g'e_g - 2 z_g q_g'r + r'(Q_g'Q_g)r. A null b moves the outcome by
b times the treatment of the data, so that the coefficient and its scores are linear in b.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.impact.assignments import CHUNK, Labels
from joinedup.impact.effects import Effects
from joinedup.impact.fitting import Array
from joinedup.impact.weighted_cells import WeightedCells, add_up

_NOTHING = 1e-10


class Reassignment:
    """The coefficient, or t, for each row of a matrix of labels (units; 0: never, c: the c-th of `starts`).

    `labels` is the assignment of the data. Labels of periods (`starts`) compare with the periods of `sample`.
    """

    def __init__(self, sample: WeightedCells, starts: Sequence[float], labels: Labels, studentised: bool) -> None:
        self._studentised, self._units, self._labels = studentised, len(sample.units), labels
        effects = Effects(sample)
        self._sample = sample
        self._set_basis(effects)
        on = sample.periods[sample.period].astype(float)[:, None] >= np.asarray(starts, dtype=float)
        exposed = effects.within_units(on * effects.root[:, None])
        sums = self._by_unit
        zero = np.zeros((self._units, 1))
        self._own = np.hstack([zero, sums(exposed**2)])
        crosses = sums(self._basis[:, None, :] * exposed[:, :, None])
        self._with_basis = np.concatenate([np.zeros((self._units, 1, self._basis.shape[1])), crosses], axis=1)
        total = self._with_basis[np.arange(self._units), labels].sum(axis=0)
        label_of_cell = labels[sample.unit]
        chosen = np.column_stack([np.zeros(len(exposed)), exposed])[np.arange(len(exposed)), label_of_cell]
        self._treatment = chosen - self._basis @ total
        self._with_outcome = np.hstack([zero, sums(exposed * self._outcome[:, None])])
        self._with_treatment = np.hstack([zero, sums(exposed * self._treatment[:, None])])
        crossed = (self._own, self._with_outcome, self._with_treatment)
        self._parts = np.concatenate([np.stack(crossed, axis=2), self._with_basis], axis=2)
        if studentised:
            self._set_unit_products(total)

    def _by_unit(self, values: Array) -> Array:
        return add_up(values, self._sample.unit, self._units)

    def _set_basis(self, effects: Effects) -> None:
        """Period effects and covariates as one basis; what varies inside cells stays with the units' scatter."""
        sample = self._sample
        p = len(sample.names) - 1
        rows = effects(sample.columns * effects.root[:, None])
        moments = rows.T @ rows + sample.scatter.sum(axis=0)
        root = np.linalg.inv(np.linalg.cholesky(moments[:p, :p]))
        self._turn = np.hstack([root, np.zeros((p, 2))])
        self._basis: Array = np.hstack([effects.basis, rows[:, :p] @ root.T])
        free = np.append(-np.linalg.solve(moments[:p, :p], moments[:p, -1]), [0.0, 1.0])
        self._free = free
        self._outcome: Array = rows @ free

    def _set_unit_products(self, total: Array) -> None:
        """Of each unit Q_g'Q_g, Q_g'y_g and Q_g'd_g, with what varies inside its cells."""
        k, p = self._basis.shape[1], len(self._turn)
        gram = self._by_unit(self._basis[:, :, None] * self._basis[:, None, :])
        scatter = self._sample.scatter
        gram[:, k - p :, k - p :] += np.einsum("ai,gij,bj->gab", self._turn, scatter, self._turn)
        first, second = np.triu_indices(k)
        self._pairs = first, second
        self._gram = gram[:, first, second] * np.where(first == second, 1.0, 2.0)
        self._basis_outcome = self._by_unit(self._basis * self._outcome[:, None])
        self._basis_outcome[:, k - p :] += np.einsum("ai,gij,j->ga", self._turn, scatter, self._free)
        self._basis_treatment = self._by_unit(self._basis * self._treatment[:, None])
        # The treatment of the data does not vary inside cells, its projection on the covariates does.
        self._basis_treatment[:, k - p :] -= np.einsum(
            "ai,gij,bj,b->ga", self._turn, scatter, self._turn, total[k - p :], optimize=True
        )

    def __call__(self, labels: Labels) -> tuple[Array, Array]:
        """`numerator` (n0, n1) and `square` (q0, q1, q2) of an `Inversion`, for each row of `labels`."""
        parts = [self._chunk(labels[at : at + CHUNK]) for at in range(0, len(labels), CHUNK)]
        return np.hstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])

    def _chunk(self, labels: Labels) -> tuple[Array, Array]:
        totals = np.zeros((len(labels), self._parts.shape[2]))
        for label in range(1, self._parts.shape[1]):
            totals += (labels == label).astype(float) @ self._parts[:, label]
        squares, projected = totals[:, 0], totals[:, 3:]
        below = squares - np.einsum("bk,bk->b", projected, projected)
        # An assignment whose treatment the effects explain has no coefficient: it can't be as extreme as the data.
        usable = below > np.maximum(squares, 1e-300) * _NOTHING
        below = np.where(usable, below, 1.0)
        numerator = totals[:, 1:3].T / below * usable
        if not self._studentised:
            square = np.zeros((3, len(labels)))
            square[0] = 1.0
            return numerator, square
        return numerator, self._squares(labels, projected, numerator, below)

    def _squares(self, labels: Labels, projected: Array, numerator: Array, below: Array) -> Array:
        """Sums of squared scores over the squared treatment, as polynomial in the null."""
        at = np.arange(self._units)
        first, second = self._pairs
        own = (projected[:, first] * projected[:, second]) @ self._gram.T
        own += self._own[at, labels]
        for label in range(1, self._own.shape[1]):
            own -= 2 * (labels == label) * (projected @ self._with_basis[:, label].T)
        scores = []
        for which, with_unit, with_basis in (
            (0, self._with_outcome, self._basis_outcome),
            (1, self._with_treatment, self._basis_treatment),
        ):
            found = with_unit[at, labels] - projected @ with_basis.T
            scores.append(found - numerator[which][:, None] * own)
        pairs = ((0, 0), (0, 1), (1, 1))
        squares = np.stack([np.einsum("bg,bg->b", scores[i], scores[j]) for i, j in pairs])
        found_squares: Array = squares / below**2
        return found_squares
