"""The projector that takes unit and period effects (and covariates) out of a vector over cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from joinedup.impact.fitting import Array


class Projector:
    """M v = v - Q Q'v, where Q is an orthonormal basis of the unit and period indicators and the covariates.

    Computed once for a sample: cells in the rows of `cells`, one a unit and period, nothing missing.
    """

    def __init__(self, cells: pd.DataFrame, unit: str, period: str, covariates: Sequence[str] = ()) -> None:
        self.units, self.unit_index = np.unique(cells[unit].to_numpy(), return_inverse=True)
        self.periods, self.period_index = np.unique(cells[period].to_numpy(), return_inverse=True)
        columns = [
            np.eye(len(self.units))[self.unit_index],
            np.eye(len(self.periods))[self.period_index][:, 1:],
            cells[list(covariates)].to_numpy(dtype=float),
        ]
        from scipy.linalg import qr

        # With pivots: units seen in different periods can leave the columns dependent.
        basis, triangle, _ = qr(np.hstack(columns), mode="economic", pivoting=True)
        size = np.abs(np.diag(triangle))
        self._basis: Array = basis[:, size > size[0] * 1e-10]

    def __call__(self, vectors: Array) -> Array:
        """The part of `vectors` (cells, or cells x k) that the effects do not explain."""
        residual: Array = vectors - self._basis @ (self._basis.T @ vectors)
        return residual
