"""The permutation test of a difference paired by site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Floats, vector
from joinedup.survey.contrast import LEAST_SITES

_EXACT_UP_TO = 16
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class SignFlip:
    """The mean difference, its two-sided p, and how many of the sign patterns were seen (all, where `exact`)."""

    estimate: float
    p: float
    permutations: int
    exact: bool
    n: int


def sign_flip_test(differences: Any, seed: int = 1, draws: int = 9999) -> SignFlip:
    """Whether the labels of a pair could be exchanged within each site (Fisher 1935, The Design of Experiments, s. 21).

    `differences` has one value a site, blanks left out. Under the null each sign is as likely as its opposite; the
    statistic is the absolute mean. Up to 16 sites all 2^n patterns are seen; beyond, `draws` random ones from `seed`,
    with p = (1 + as extreme) / (1 + draws) (Phipson & Smyth 2010). Raises NotComputable with fewer than three sites.
    """
    values = vector(differences, "differences")
    values = values[np.isfinite(values)]
    n = len(values)
    if n < LEAST_SITES:
        raise NotComputable(f"A permutation test paired by site needs at least {LEAST_SITES} sites; there are {n}.")
    exact = n <= _EXACT_UP_TO
    signs = _all_signs(n) if exact else np.random.default_rng(seed).integers(0, 2, size=(draws, n)) * 2.0 - 1
    seen = np.abs(signs @ values)
    least = abs(float(values.sum())) - _TIE * float(np.abs(values).sum())
    extreme = int((seen >= least).sum())
    p = extreme / len(signs) if exact else (1 + extreme) / (1 + draws)
    return SignFlip(float(values.mean()), p, len(signs), exact, n)


def _all_signs(n: int) -> Floats:
    return np.asarray(((np.arange(2**n)[:, None] >> np.arange(n)) & 1) * 2.0 - 1, dtype=float)
