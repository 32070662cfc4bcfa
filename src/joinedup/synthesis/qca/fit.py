"""Parameters of fit: inclusion (consistency), PRI and coverage of a sufficient term, and of necessity.

Ragin (2006), Set relations in social research, Political Analysis 14:291-310; Schneider and Wagemann (2012),
Set-theoretic methods for the social sciences, chapters 5 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from joinedup.synthesis.qca.cases import Floats


class _Items:
    """Fields by attribute and by name, so that a fit reads like a row of a table."""

    def __getitem__(self, name: str) -> Any:
        if name not in {field.name for field in fields(self)}:  # type: ignore[arg-type]
            raise KeyError(name)
        return getattr(self, name)


@dataclass(frozen=True)
class Fit(_Items):
    """How well a term is sufficient for the outcome. A ratio whose denominator is 0 is None.

    `unique`: what it covers and no other term of its model does; None for the only term of a model and for a solution.
    `cases`: with a membership above 0.5.
    """

    term: str
    inclusion: float | None
    pri: float | None
    coverage: float | None
    unique: float | None
    cases: tuple[str, ...] = ()


def ratio(above: float, below: float) -> float | None:
    """`above / below`; None where the denominator is 0."""
    return above / below if below > 1e-12 else None


def sufficiency(x: Floats, y: Floats) -> tuple[float | None, float | None, float | None]:
    """Inclusion, PRI and coverage of `x` as sufficient for `y`."""
    both = np.minimum(x, y)
    ambiguous = float(np.minimum(both, 1.0 - y).sum())
    together, size = float(both.sum()), float(x.sum())
    return ratio(together, size), ratio(together - ambiguous, size - ambiguous), ratio(together, float(y.sum()))


def necessary(x: Floats, y: Floats) -> tuple[float | None, float | None, float | None]:
    """Inclusion, relevance (RoN) and coverage of `x` as necessary for `y`."""
    both = np.minimum(x, y)
    together = float(both.sum())
    relevance = ratio(float((1.0 - x).sum()), float((1.0 - both).sum()))
    return ratio(together, float(y.sum())), relevance, ratio(together, float(x.sum()))
