"""One group in one period against its comparison: regression, weighting, doubly robust, with influence functions.

Sources: Sant'Anna and Zhao (2020), Journal of Econometrics 219; Callaway and Sant'Anna (2021), Journal of Econometrics
225. The doubly robust and the weighting form are those of the traditional estimators (propensity by maximum
likelihood, outcome by least squares among the comparison).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from joinedup.impact.fitting import Array
from joinedup.study.problems import NotComputable

Estimator = Callable[[Array, Array, Array, Array], tuple[float, Array]]

_TRIM = 0.995
"""Comparison units with a higher propensity to adopt get no weight (the rule of R's DRDID)."""
_STEPS = 50


def difference(change: Array, treated: Array, control: Array, _: Array) -> tuple[float, Array]:
    """The difference of weighted mean changes, and its influence function over all units.

    `treated` and `control` hold the units' weights, 0 for those that are not in the group.
    """
    a, c = treated / treated.mean(), control / control.mean()
    mean_treated, mean_control = float(np.mean(a * change)), float(np.mean(c * change))
    return mean_treated - mean_control, a * (change - mean_treated) - c * (change - mean_control)


def regression(change: Array, treated: Array, control: Array, design: Array) -> tuple[float, Array]:
    """Mean of the treated units' changes less what a regression among the comparison units predicts for them."""
    residual, correction = _outcome_model(change, control, design)
    a = treated / treated.mean()
    estimate = float(np.mean(a * residual))
    return estimate, a * (residual - estimate) - correction @ (a @ design / len(a))


def weighting(change: Array, treated: Array, control: Array, design: Array) -> tuple[float, Array]:
    """Comparison units weighted by their odds of adopting, the weights adding up to one (Hajek)."""
    odds, score = _propensity(treated, control, design)
    a, c = treated / treated.mean(), control * odds / np.mean(control * odds)
    mean_treated, mean_control = float(np.mean(a * change)), float(np.mean(c * change))
    moment = (c * (change - mean_control)) @ design / len(a)
    influence = a * (change - mean_treated) - c * (change - mean_control) - score @ moment
    return mean_treated - mean_control, influence


def doubly_robust(change: Array, treated: Array, control: Array, design: Array) -> tuple[float, Array]:
    """The weighting form on the residuals of the regression: right if either model is."""
    residual, correction = _outcome_model(change, control, design)
    odds, score = _propensity(treated, control, design)
    a, c = treated / treated.mean(), control * odds / np.mean(control * odds)
    mean_treated, mean_control = float(np.mean(a * residual)), float(np.mean(c * residual))
    moment = (c * (residual - mean_control)) @ design / len(a)
    imbalance = (a - c) @ design / len(a)
    influence = a * (residual - mean_treated) - c * (residual - mean_control) - score @ moment - correction @ imbalance
    return mean_treated - mean_control, influence


METHODS: Mapping[str, tuple[Estimator, str]] = {
    "dr": (doubly_robust, "doubly robust (logit propensity, no weight from 0.995 on, and outcome regression)"),
    "reg": (regression, "outcome regression"),
    "ipw": (weighting, "inverse probability weighting (logit, normalised, no weight from a propensity of 0.995 on)"),
}


def _outcome_model(change: Array, control: Array, design: Array) -> tuple[Array, Array]:
    """Residuals of all units from the comparison units' regression, and the influence of each on its coefficients."""
    cross = (design * control[:, None]).T @ design / len(change)
    if np.linalg.cond(cross) > 1e14:
        raise NotComputable(
            "The covariates can't be told apart among the comparison sites (too few sites, or a covariate that is "
            "constant or a copy of another): leave one out."
        )
    slopes = np.linalg.solve(cross, (design * control[:, None]).T @ change / len(change))
    residual = change - design @ slopes
    return residual, (control * residual)[:, None] * design @ np.linalg.inv(cross)


def _propensity(treated: Array, control: Array, design: Array) -> tuple[Array, Array]:
    """The odds of adopting of each unit (0 if trimmed), and the influence of each on the logit's coefficients."""
    weight = treated + control
    scale = np.maximum(np.abs(design).max(axis=0), 1e-300)
    scaled = design / scale
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(scaled @ beta, -40, 40)))
        hessian = (scaled * (weight * share * (1 - share))[:, None]).T @ scaled
        if np.linalg.cond(hessian) > 1e14:
            break
        step = np.linalg.solve(hessian, scaled.T @ (treated * (1 - share) - control * share))
        beta = beta + step
        if np.abs(step).max() < 1e-12 * (1 + np.abs(beta).max()):
            share = 1 / (1 + np.exp(-(scaled @ beta)))
            score = (treated * (1 - share) - control * share)[:, None] * scaled
            inverse = np.linalg.inv((scaled * (weight * share * (1 - share))[:, None]).T @ scaled / len(weight))
            kept = np.where(share < _TRIM, share, 0.0)
            # The moments that meet the score are in the unscaled covariates.
            return kept / (1 - np.minimum(share, 1 - 1e-6)), score @ inverse / scale
    raise NotComputable(
        "The covariates separate sites that adopted from those that did not (or copy one another): no odds of "
        'adopting can be estimated. Leave a covariate out, or use method="reg".'
    )
