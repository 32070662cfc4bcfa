"""The cumulative logit model with site effects: ordered answers compared without taking them for distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from joinedup.study.problems import NotComputable
from joinedup.survey.arrays import Codes, Floats, group_codes, item_table, joined, same_index, same_rows, vector

_STEPS, _HALVINGS, _INFINITE = 200, 30, 12.0
_TOLERANCE, _ROUNDING = 1e-16, 1e-12
"""Of the log-likelihood's size: what a step has to gain, and what is lost to rounding."""


@dataclass(frozen=True)
class ProportionalOdds:
    """Log odds ratios of a higher answer, one row a term: estimate, se, low, high, p, odds_ratio.

    `thresholds` and `sites` (effects against the first site) complete the model of `n` answers; `left_out` names the
    sites in which all gave the lowest or all the highest answer: they say nothing of the terms.
    """

    terms: pd.DataFrame
    thresholds: Floats
    sites: pd.Series[Any]
    log_likelihood: float
    n: int
    left_out: tuple[Any, ...]


def proportional_odds(y: Any, x: Any, site: Any = None) -> ProportionalOdds:
    """logit P(Y <= k) = threshold k - x b - site effect (McCullagh 1980, JRSS B 42), by Fisher scoring.

    `y` has one ordered answer a row, `x` rows x terms (numbers; no intercept), `site` the row's site, a fixed effect
    each: with few answers a site they pull the terms away from 0, so this is a check of direction beside the
    comparison of means. Rows with a blank are left out. Normal intervals (95%) and p from the expected information.
    Raises NotComputable with fewer than 10 rows, one answer only, collinear terms, or where a term or site separates
    the answers perfectly (its estimate is infinite).
    """
    same_index(y=y, x=x, site=site)
    answers = vector(y, "answers")
    terms = item_table(x if np.ndim(x) == 2 else pd.DataFrame({getattr(x, "name", None) or "x": x}))
    same_rows(len(answers), x=terms, site=site)
    codes, labels = (
        (np.zeros(len(answers), dtype=np.intp), pd.Index([None])) if site is None else group_codes(site, len(answers))
    )
    kept = np.isfinite(answers) & terms.notna().all(axis=1).to_numpy() & (codes >= 0)
    silent = _silent_sites(answers, codes, kept) if site is not None else []
    kept &= ~np.isin(codes, silent)
    if kept.sum() < 10 or len(np.unique(answers[kept])) < 2:
        raise NotComputable("Ordered answers are compared from at least 10 rows with two different answers.")
    present, own = np.unique(codes[kept], return_inverse=True)
    ranks = np.unique(answers[kept], return_inverse=True)[1]
    design = np.column_stack([terms.to_numpy(dtype=float)[kept], np.eye(len(present))[own][:, 1:]])
    names = [*map(str, terms.columns), *(f"site {labels[code]}" for code in present[1:])]
    parameters, variance, value = _fit(ranks, design, names)
    cuts, k = int(ranks.max()), terms.shape[1]
    effects = pd.Series(np.append(0.0, parameters[cuts + k :]), index=labels[present])
    table = _terms(parameters[cuts : cuts + k], np.sqrt(np.diag(variance))[cuts : cuts + k], terms.columns)
    return ProportionalOdds(table, parameters[:cuts], effects, value, len(ranks), tuple(labels[silent]))


def _silent_sites(answers: Floats, codes: Codes, kept: Any) -> list[int]:
    lowest, highest = answers[kept].min(initial=np.inf), answers[kept].max(initial=-np.inf)
    found = []
    for code in np.unique(codes[kept]):
        own = answers[kept & (codes == code)]
        if (own == lowest).all() or (own == highest).all():
            found.append(int(code))
    return found


def _terms(estimate: Floats, se: Floats, names: pd.Index[Any]) -> pd.DataFrame:
    from scipy.special import ndtr

    columns = {
        "estimate": estimate,
        "se": se,
        "low": estimate - 1.959963984540054 * se,
        "high": estimate + 1.959963984540054 * se,
        "p": 2 * ndtr(-np.abs(estimate / se)),
        "odds_ratio": np.exp(estimate),
    }
    return pd.DataFrame(columns, index=names)


def _fit(ranks: Codes, design: Floats, names: list[str]) -> tuple[Floats, Floats, float]:
    shares = np.cumsum(np.bincount(ranks))[:-1] / len(ranks)
    parameters = np.concatenate([np.log(shares / (1 - shares)), np.zeros(design.shape[1])])
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(design)), design])) <= design.shape[1]:
        raise NotComputable("The terms and sites can't be told apart.")
    value, score, information = _likelihood(parameters, ranks, design)
    for _ in range(_STEPS):
        step = np.linalg.solve(information, score)
        if float(score @ step) < _TOLERANCE * abs(value):
            return parameters, np.asarray(np.linalg.inv(information), dtype=float), value
        for halving in range(_HALVINGS):
            tried = parameters + step / 2**halving
            found = _likelihood(tried, ranks, design)
            if found[0] >= value - _ROUNDING * abs(value):
                break
        else:
            return parameters, np.asarray(np.linalg.inv(information), dtype=float), value
        parameters, (value, score, information) = tried, found
        far = np.abs(parameters[-design.shape[1] :]) > _INFINITE / np.maximum(np.ptp(design, axis=0), 1e-300)
        if far.any():
            raise NotComputable(
                f"The answers are separated perfectly by: {joined([n for n, f in zip(names, far, strict=True) if f])}."
            )
    raise NotComputable("The proportional odds model did not converge.")


def _likelihood(parameters: Floats, ranks: Codes, design: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood, score and expected information; -inf where the thresholds are out of order."""
    cuts = len(parameters) - design.shape[1]
    thresholds = parameters[:cuts]
    if (np.diff(thresholds) <= 0).any():
        return -np.inf, parameters, np.eye(len(parameters))
    below = 1 / (1 + np.exp(np.clip(design @ parameters[cuts:], -500, 500)[:, None] - thresholds))
    slope = below * (1 - below)
    edges = np.column_stack([np.zeros(len(ranks)), below, np.ones(len(ranks))])
    chance = np.maximum(np.diff(edges, axis=1), 1e-300)
    by_cut = np.zeros((len(ranks), cuts + 1, cuts))
    index = np.arange(cuts)
    by_cut[:, index, index], by_cut[:, index + 1, index] = slope, -slope
    by_term = -by_cut.sum(axis=2)[:, :, None] * design[:, None, :]
    derivative = np.concatenate([by_cut, by_term], axis=2)
    rows = np.arange(len(ranks))
    score = (derivative[rows, ranks] / chance[rows, ranks][:, None]).sum(axis=0)
    scaled = (derivative / np.sqrt(chance)[:, :, None]).reshape(-1, len(parameters))
    return float(np.log(chance[rows, ranks]).sum()), score, scaled.T @ scaled
